package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.testing.EngineFixture;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Threads bind interfaces at once, also where classes of the user's wait for each other. */
class BindingThreadsTest {
  private static final String WAT =
      """
      (component
        (core module $m
          (func (export "flip") (param i32) (result i32) (i32.sub (i32.const 1) (local.get 0))))
        (core instance $i (instantiate $m))
        (type $side' (enum "heads" "tails"))
        (export $side "side" (type $side'))
        (func (export "flip") (param "it" $side) (result $side)
          (canon lift (core func $i "flip"))))
      """;

  private static ComponentInstance instance;
  private static boolean boundMeanwhile;

  /** Has another thread bind an interface while its class is initialized. */
  public enum Side {
    HEADS,
    TAILS;

    static {
      bindOnAnotherThread();
    }
  }

  // Not code of the enum, which the other thread would wait for.
  private static void bindOnAnotherThread() {
    Thread other = Thread.ofPlatform().start(() -> instance.as(Nothing.class));
    try {
      boundMeanwhile = other.join(Duration.ofMinutes(10));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A part of the world. */
  public interface Nothing {}

  /** The world. */
  public interface Coin {
    Side flip(Side it);
  }

  @RegisterExtension private final EngineFixture fixture = EngineFixture.create();

  @Test
  void whatAClassDoesWhenItIsInitializedMayWaitForAnotherBinding() {
    try (Store store = Store.createShared(fixture.engine())) {
      instance =
          ComponentLinker.create(fixture.engine())
              .instantiate(store, Component.fromWat(fixture.engine(), WAT));
      Coin coin = instance.as(Coin.class);
      assertThat(boundMeanwhile).isTrue();
      assertThat(coin.flip(Side.HEADS)).isEqualTo(Side.TAILS);
      assertThat(instance.as(Coin.class).getClass()).isSameAs(coin.getClass());
    }
  }
}
