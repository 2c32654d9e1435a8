package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.TrapException;
import io.github.wasmtimejvm.testing.EngineFixture;
import java.util.AbstractList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What fails while a call is cleaned up is suppressed in what the call throws already. */
class FailingCleanupTest {
  private static final String WAT =
      """
      (component
        (core module $m
          (func (export "sum") (param i32 i32) (result i32)
            (i32.add (local.get 0) (local.get 1)))
          (func (export "trap") (param i32 i32) unreachable))
        (core instance $i (instantiate $m))
        (func (export "sum") (param "pair" (tuple u32 u32)) (result u32)
          (canon lift (core func $i "sum")))
        (func (export "trap") (param "pair" (tuple u32 u32))
          (canon lift (core func $i "trap"))))
      """;

  /** A tuple whose reading does something. */
  public record Pair(long a, long b) {
    private static Runnable onRead = () -> {};

    @Override
    public long a() {
      onRead.run();
      return a;
    }
  }

  /** The component's world. */
  public interface Guest {
    long sum(Pair pair);

    void trap(Pair pair);
  }

  @RegisterExtension private final EngineFixture fixture = EngineFixture.create();
  private final RuntimeException first = new RuntimeException("first");
  private final RuntimeException second = new RuntimeException("second");
  private Store store;
  private ComponentInstance instance;

  @BeforeEach
  void instantiate() {
    store = Store.create(fixture.engine());
    instance =
        ComponentLinker.create(fixture.engine())
            .instantiate(store, Component.fromWat(fixture.engine(), WAT));
  }

  @AfterEach
  void close() {
    store.close();
  }

  // As a list, which reading does the same to.
  private static List<Object> list() {
    return new AbstractList<>() {
      @Override
      public Object get(int index) {
        Pair.onRead.run();
        return 1L;
      }

      @Override
      public int size() {
        return 2;
      }
    };
  }

  // Has the cleanup of the call fail that is being given its arguments.
  private void failLater() {
    Pair.onRead = () -> {};
    instance
        .componentStore()
        .transfers()
        .add(
            _ -> {
              throw second;
            });
  }

  private void failNowAndLater() {
    failLater();
    throw first;
  }

  @Test
  void whatReadingAnArgumentThrowsIsNotLost() {
    Pair.onRead = this::failNowAndLater;
    assertThat(catchThrowable(() -> instance.func("sum").call(list()))).isSameAs(first);
    assertThat(first.getSuppressed()).containsExactly(second);
  }

  @Test
  void whatReadingAnArgumentOfABoundFunctionThrowsIsNotLost() {
    Guest guest = instance.as(Guest.class);
    Pair.onRead = this::failNowAndLater;
    assertThat(catchThrowable(() -> guest.sum(new Pair(1, 2)))).isSameAs(first);
    Pair.onRead = this::failNowAndLater;
    assertThat(catchThrowable(() -> guest.trap(new Pair(1, 2)))).isSameAs(first);
    assertThat(first.getSuppressed()).containsExactly(second, second);
  }

  @Test
  void aTrapIsNotLost() {
    Pair.onRead = this::failLater;
    assertThat(catchThrowable(() -> instance.as(Guest.class).trap(new Pair(1, 2))))
        .isInstanceOf(TrapException.class)
        .satisfies(trap -> assertThat(trap.getSuppressed()).containsExactly(second));
  }

  @Test
  void whatFailsAfterACallComesOut() {
    Pair.onRead = this::failLater;
    assertThat(catchThrowable(() -> instance.func("sum").call(list()))).isSameAs(second);
    assertThat(instance.as(Guest.class).sum(new Pair(1, 2))).isEqualTo(3);
  }
}
