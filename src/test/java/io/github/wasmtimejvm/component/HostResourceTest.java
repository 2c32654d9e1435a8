package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.LinkException;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.WasmtimeException;
import io.github.wasmtimejvm.testing.Guests;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Resources of the host's are plain Java objects, each closed once for each time it was given. */
class HostResourceTest {
  @WitName("t:t/blobs@1.0.0")
  public interface Blobs {
    class Blob implements AutoCloseable {
      private final long size;
      private final List<Long> closed;
      private Runnable onSize = () -> {};
      private Runnable onClose = () -> {};
      private @Nullable RuntimeException failure;

      Blob(long size, List<Long> closed) {
        this.size = size;
        this.closed = closed;
      }

      public long size() {
        onSize.run();
        return size;
      }

      public Blob join(Blob other) {
        return new Blob(size + other.size, closed);
      }

      @Override
      public void close() {
        closed.add(size);
        onClose.run();
        if (failure != null) {
          throw failure;
        }
      }
    }

    Blob newBlob(long size);

    long blobCount();

    void look(Blob it);

    void keep(Blob it);
  }

  public interface Guest {
    Blobs.Blob make(long size);

    long count();

    long sizeOf(Blobs.Blob it);

    void forget(Blobs.Blob it);

    Blobs.Blob both(Blobs.Blob a, Blobs.Blob b);

    Blobs.Blob pass(Blobs.Blob it);

    void hold(Blobs.Blob it);

    void release();

    void lend(long size);

    void give(long size);

    void ranged(Blobs.Blob it, int number);
  }

  private static Engine engine;
  private static Component component;

  private final List<Long> closed = new ArrayList<>();
  private final List<Blobs.Blob> seen = new ArrayList<>();
  private Runnable onLook = () -> {};
  private int made;
  private Store store;
  private ComponentInstance instance;
  private Guest guest;

  @BeforeAll
  static void compile() {
    engine = Engine.create();
    component = Component.fromWat(engine, Guests.read(HostResourceTest.class, "blobs.wat"));
  }

  @AfterAll
  static void closeEngine() {
    component.close();
    engine.close();
  }

  private final class Implementation implements Blobs {
    @Override
    public Blob newBlob(long size) {
      made++;
      return new Blob(size, closed);
    }

    @Override
    public long blobCount() {
      return made;
    }

    @Override
    public void look(Blob it) {
      seen.add(it);
      onLook.run();
    }

    @Override
    public void keep(Blob it) {
      seen.add(it);
    }
  }

  @BeforeEach
  void instantiate() {
    ComponentLinker linker = ComponentLinker.create(engine);
    linker.define(Blobs.class, new Implementation());
    store = Store.create(engine);
    instance = linker.instantiate(store, component);
    guest = instance.as(Guest.class);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Blobs.Blob blob(long size) {
    return new Blobs.Blob(size, closed);
  }

  private void isRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String text) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessage(text);
    assertThat(guest.sizeOf(blob(5))).isEqualTo(5);
  }

  @Test
  void theGuestMakesOneAndJavaGetsTheObject() {
    Blobs.Blob blob = guest.make(7);
    assertThat(blob.size()).isEqualTo(7);
    assertThat(guest.count()).isEqualTo(1);
    store.close();
    assertThat(closed).isEmpty(); // it is Java's
  }

  @Test
  void aLentOneStaysJavas() {
    Blobs.Blob blob = blob(3);
    assertThat(guest.sizeOf(blob)).isEqualTo(3);
    assertThat(guest.sizeOf(blob)).isEqualTo(3);
    Blobs.Blob joined = guest.both(blob, blob(4));
    assertThat(joined.size()).isEqualTo(7);
    assertThat(guest.both(blob, blob).size()).isEqualTo(6);
    store.close();
    assertThat(closed).isEmpty();
  }

  @Test
  void oneThatIsGivenAndComesBackIsTheSameObject() {
    Blobs.Blob blob = blob(3);
    assertThat(guest.pass(blob)).isSameAs(blob);
    assertThat(guest.pass(blob)).isSameAs(blob);
    assertThat(closed).isEmpty();
  }

  @Test
  void oneIsClosedWhenTheGuestDropsIt() {
    guest.hold(blob(1));
    assertThat(closed).isEmpty();
    guest.release();
    assertThat(closed).containsExactly(1L);
    store.close();
    assertThat(closed).containsExactly(1L);
  }

  @Test
  void oneThatTheGuestStillHoldsIsClosedWithTheStore() {
    guest.hold(blob(1));
    guest.hold(blob(2));
    store.close();
    assertThat(closed).containsExactlyInAnyOrder(1L, 2L);
    store.close();
    assertThat(closed).hasSize(2);
  }

  @Test
  void theSameObjectGivenTwiceIsClosedForEach() {
    Blobs.Blob blob = blob(1);
    guest.hold(blob);
    guest.release();
    guest.hold(blob);
    guest.release();
    assertThat(closed).containsExactly(1L, 1L);
  }

  @Test
  void theHostGetsWhatTheGuestMade() {
    guest.give(9);
    assertThat(seen.getFirst().size()).isEqualTo(9);
    assertThat(closed).isEmpty();
    store.close();
    assertThat(closed).isEmpty(); // it is Java's
    seen.clear();
  }

  @Test
  void oneLentToTheHostIsAPlainObjectAfterTheCall() {
    guest.lend(9);
    assertThat(closed).containsExactly(9L);
    assertThat(seen.getFirst().size()).isEqualTo(9);
  }

  @Test
  void aMethodMayCallTheGuest() {
    Blobs.Blob blob = blob(3);
    blob.onSize =
        () -> {
          blob.onSize = () -> {};
          assertThat(guest.sizeOf(blob)).isEqualTo(3);
          guest.lend(4);
          assertThat(guest.pass(blob)).isSameAs(blob);
        };
    assertThat(guest.sizeOf(blob)).isEqualTo(3);
    assertThat(closed).containsExactly(4L);
  }

  @Test
  void whatAMethodThrowsComesOutAndNothingIsLost() {
    Blobs.Blob blob = blob(3);
    guest.hold(blob(8));
    IllegalCallerException mine = new IllegalCallerException();
    blob.onSize =
        () -> {
          throw mine;
        };
    assertThatExceptionOfType(IllegalCallerException.class)
        .isThrownBy(() -> guest.sizeOf(blob))
        .isSameAs(mine);
    assertThat(instance.isUsable()).isFalse();
    store.close();
    assertThat(closed).containsExactly(8L); // not what was lent
  }

  @Test
  void aGuestThatKeepsWhatWasLentFails() {
    assertThatExceptionOfType(WasmtimeException.class)
        .isThrownBy(() -> guest.forget(blob(1)))
        .withMessageContaining("borrow");
    assertThat(instance.isUsable()).isFalse();
    store.close();
    assertThat(closed).isEmpty();
  }

  @Test
  void aDestructorThatThrowsIsSaidWhenTheStoreIsClosed() {
    RuntimeException first = new RuntimeException("first");
    RuntimeException second = new RuntimeException("second");
    Blobs.Blob a = blob(1);
    a.failure = first;
    guest.hold(a);
    guest.release();
    assertThat(guest.count()).isZero(); // the guest goes on
    Blobs.Blob b = blob(2);
    b.failure = second;
    guest.hold(b);
    assertThatIllegalStateException()
        .isThrownBy(store::close)
        .satisfies(thrown -> assertThat(thrown.getSuppressed()).containsExactly(first, second));
    store.close();
    assertThat(closed).containsExactly(1L, 2L);
  }

  @Test
  void aDestructorMayCallTheGuest() {
    Blobs.Blob inner = blob(2);
    Blobs.Blob outer = blob(1);
    outer.onClose =
        () -> {
          assertThat(guest.sizeOf(inner)).isEqualTo(2);
          guest.hold(inner);
          guest.release();
          assertThatIllegalStateException().isThrownBy(store::close);
        };
    guest.hold(outer);
    guest.release();
    assertThat(closed).containsExactly(1L, 2L);
    assertThat(guest.count()).isZero();
    store.close(); // nothing was thrown
  }

  @Test
  void aDestructorThatRunsWithTheStoresEndCallsNoGuest() {
    Blobs.Blob blob = blob(1);
    blob.onClose =
        () ->
            assertThatIllegalStateException()
                .isThrownBy(() -> guest.count())
                .withMessage("the store is closed");
    guest.hold(blob);
    store.close();
    assertThat(closed).containsExactly(1L);
  }

  @Test
  void aRefusedCallTakesNothing() {
    Blobs.Blob blob = blob(1);
    isRefused(() -> guest.ranged(blob, 300), "parameter number: a u8 is from 0 to 255, got 300");
    isRefused(
        () -> guest.both(blob, null),
        "parameter b: expected a resource blob, which is a "
            + Blobs.Blob.class.getName()
            + " in Java, got null");
    store.close();
    assertThat(closed).isEmpty();
  }

  @Test
  void anObjectOfAnotherClassIsRefused() {
    isRefused(
        () -> instance.func("hold").call("text"),
        "parameter it: expected a resource blob, which is a "
            + Blobs.Blob.class.getName()
            + " in Java, got java.lang.String");
  }

  public interface OtherClass {
    void hold(String it);
  }

  @Test
  void aClassThatIsNotTheHostsIsFoundWhenBinding() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> instance.as(OtherClass.class))
        .withMessageContaining("OtherClass.hold, parameter it")
        .withMessageContaining("the resource blob is a " + Blobs.Blob.class.getName());
  }

  @Test
  void functionsWithoutTypesServeResources() {
    List<Object> looked = new ArrayList<>();
    ComponentLinker linker = ComponentLinker.create(engine);
    linker.define("t:t/blobs@1.0.0", "[constructor]blob", args -> "blob of " + args[0]);
    linker.define(
        "t:t/blobs@1.0.0", "[method]blob.size", args -> (long) args[0].toString().length());
    linker.define("t:t/blobs@1.0.0", "[method]blob.join", args -> args[0] + " and " + args[1]);
    linker.define("t:t/blobs@1.0.0", "[static]blob.count", _ -> 3L);
    linker.define(
        "t:t/blobs@1.0.0",
        "look",
        args -> {
          looked.add(args[0]);
          return null;
        });
    linker.define("t:t/blobs@1.0.0", "keep", _ -> null);
    try (Store other = Store.create(engine)) {
      ComponentInstance dynamic = linker.instantiate(other, component);
      assertThat(dynamic.func("make").call(5L)).isEqualTo("blob of 5");
      assertThat(dynamic.func("size-of").call("four")).isEqualTo(4L);
      assertThat(dynamic.func("both").call("a", "b")).isEqualTo("a and b");
      assertThat(dynamic.func("count").call()).isEqualTo(3L);
      dynamic.func("lend").call(6L);
      assertThat(looked).isEqualTo(List.of("blob of 6"));
    }
  }

  @WitName("t:t/blobs@1.0.0")
  public interface WithoutResource {
    long blobCount();
  }

  @Test
  void whatTheHostLacksOfAResourceIsSaid() {
    ComponentLinker linker = ComponentLinker.create(engine);
    linker.define(WithoutResource.class, () -> 1);
    assertThatExceptionOfType(LinkException.class)
        .isThrownBy(() -> linker.prepare(component))
        .withMessageContaining("t:t/blobs@1.0.0 [constructor]blob: nothing defines it")
        .withMessageContaining("t:t/blobs@1.0.0 [method]blob.size: nothing defines it")
        .withMessageContaining("func(self: borrow<blob>) -> u32");
  }
}
