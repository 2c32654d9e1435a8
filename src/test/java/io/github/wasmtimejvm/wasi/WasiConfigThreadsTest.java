package io.github.wasmtimejvm.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.testing.EngineFixture;
import io.github.wasmtimejvm.testing.OtherThread;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Which threads may give a store its configuration. */
class WasiConfigThreadsTest {
  private static final WasiConfig CONFIG = WasiConfig.builder().build();

  @RegisterExtension private final EngineFixture fixture = EngineFixture.create();

  private final Engine engine = fixture.engine();

  @TempDir private Path folder;

  @Test
  void aThreadThatMayNotUseTheStoreCannotConfigureIt() {
    Store store = fixture.newStore();
    Linker linker = fixture.newLinker();
    Module echo = fixture.compile(WasiConfigTest.class, "echo.wat");
    linker.defineWasi();

    assertThat(OtherThread.thrownBy(() -> CONFIG.applyTo(store)))
        .isInstanceOf(WrongThreadException.class);
    assertThatIllegalStateException().isThrownBy(() -> linker.instantiate(store, echo));
  }

  @Test
  void aSharedStoreIsFreeForTheNextThreadWhenItIsConfigured() {
    WasiConfig refused =
        WasiConfig.builder().readOnlyDirectory(folder.resolve("missing"), "/").build();
    Store shared = Store.createShared(engine);
    CONFIG.applyTo(shared);
    assertThatIllegalArgumentException().isThrownBy(() -> refused.applyTo(shared));
    assertThat(OtherThread.thrownBy(shared::close)).isNull();

    assertThatIllegalStateException()
        .isThrownBy(() -> CONFIG.applyTo(shared))
        .withMessage("the store is closed");
  }
}
