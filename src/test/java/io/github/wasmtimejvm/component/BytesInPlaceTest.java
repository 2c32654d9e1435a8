package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Store;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of bytes as segments and buffers: what lasts how long, directly and by values. */
class BytesInPlaceTest {
  @WitName("")
  public interface Segments {
    MemorySegment u8s(MemorySegment bytes);

    MemorySegment u8sRelay(MemorySegment bytes);
  }

  @WitName("")
  public interface Buffers {
    ByteBuffer u8s(ByteBuffer bytes);

    ByteBuffer u8sRelay(ByteBuffer bytes);
  }

  @WitName("t:t/host")
  public interface Host {
    MemorySegment u8s(MemorySegment bytes);
  }

  private Engine engine;
  private Store store;
  private UnaryOperator<MemorySegment> host = bytes -> bytes;

  private ComponentInstance instantiate(boolean direct, boolean shared) {
    engine = Engine.builder().directComponentCalls(direct).build();
    store = shared ? Store.createShared(engine) : Store.create(engine);
    ComponentLinker linker = ComponentLinker.create(engine);
    Host served = bytes -> host.apply(bytes);
    linker.define(Host.class, served);
    try (Component component =
        Component.fromWat(engine, new EchoComponent().lists("u8s", "u8").wat())) {
      ComponentInstance instance = linker.instantiate(store, component);
      assertThat(instance.func("u8s").path().isDirect()).isEqualTo(direct);
      return instance;
    }
  }

  @AfterEach
  void close() {
    store.close();
    engine.close();
  }

  private static MemorySegment bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return MemorySegment.ofArray(bytes);
  }

  private static byte[] array(MemorySegment segment) {
    return segment.toArray(ValueLayout.JAVA_BYTE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void segmentsGoToAGuestAndBack(boolean direct) {
    Segments guest = instantiate(direct, false).as(Segments.class);
    assertThat(array(guest.u8s(bytes(1, 2, 255)))).isEqualTo(array(bytes(1, 2, 255)));
    assertThat(guest.u8s(bytes()).byteSize()).isZero();
    assertThat(array(guest.u8sRelay(bytes(7)))).isEqualTo(array(bytes(7)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void buffersGoToAGuestAndBackAndStayWhereTheyAre(boolean direct) {
    Buffers guest = instantiate(direct, false).as(Buffers.class);
    ByteBuffer some = ByteBuffer.wrap(new byte[] {1, 2, 3, 4});
    some.position(1).limit(3);
    assertThat(guest.u8s(some)).isEqualTo(ByteBuffer.wrap(new byte[] {2, 3}));
    assertThat(some.position()).isEqualTo(1);
    ByteBuffer outside = ByteBuffer.allocateDirect(2).put(0, (byte) 9);
    assertThat(guest.u8sRelay(outside.asReadOnlyBuffer())).isEqualTo(outside);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aResultInTheGuestsMemoryEndsWithTheNextCall(boolean shared) {
    Segments guest = instantiate(true, shared).as(Segments.class);
    MemorySegment first = guest.u8s(bytes(1, 2));
    first.set(ValueLayout.JAVA_BYTE, 0, (byte) 5); // it is the guest's memory, and no copy
    assertThat(array(first)).isEqualTo(array(bytes(5, 2)));
    MemorySegment second = guest.u8s(first);
    assertThat(array(second)).isEqualTo(array(bytes(5, 2)));
    assertThatIllegalStateException().isThrownBy(() -> first.get(ValueLayout.JAVA_BYTE, 0));
    store.close();
    assertThatIllegalStateException().isThrownBy(() -> second.get(ValueLayout.JAVA_BYTE, 0));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anArgumentInTheGuestsMemoryEndsWithTheHostFunction(boolean shared) {
    Segments guest = instantiate(true, shared).as(Segments.class);
    List<MemorySegment> seen = new ArrayList<>();
    host =
        bytes -> {
          seen.add(bytes);
          return bytes.asSlice(1);
        };
    assertThat(array(guest.u8sRelay(bytes(1, 2, 3)))).isEqualTo(array(bytes(2, 3)));
    assertThatIllegalStateException()
        .isThrownBy(() -> seen.getFirst().get(ValueLayout.JAVA_BYTE, 0));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anArgumentEndsWhenTheHostCallsTheGuest(boolean shared) {
    ComponentInstance instance = instantiate(true, shared);
    Segments guest = instance.as(Segments.class);
    host =
        bytes -> {
          byte[] inner = array(guest.u8s(bytes(4)));
          assertThatIllegalStateException().isThrownBy(() -> bytes.get(ValueLayout.JAVA_BYTE, 0));
          return MemorySegment.ofArray(inner);
        };
    assertThat(array(guest.u8sRelay(bytes(1)))).isEqualTo(array(bytes(4)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsNoBytesIsRefused(boolean direct) {
    Segments guest = instantiate(direct, false).as(Segments.class);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> guest.u8s(null))
        .withMessageContaining("expected a MemorySegment");
    assertThat(array(guest.u8s(bytes(1)))).isEqualTo(array(bytes(1)));
  }
}
