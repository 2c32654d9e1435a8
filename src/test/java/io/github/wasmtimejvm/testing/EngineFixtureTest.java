package io.github.wasmtimejvm.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.WasmFeature;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EngineFixtureTest {

  private static final String GUEST = "/io/github/wasmtimejvm/func.wat";

  @RegisterExtension
  private static final EngineFixture ofClass =
      EngineFixture.of(Engine.builder().feature(WasmFeature.MULTI_MEMORY, false));

  /** No extension: the tests call it as JUnit would. */
  private final EngineFixture fixture = EngineFixture.create();

  @Test
  void anEngineOfTheClassOutlivesTheTestAndAStoreDoesNot() {
    fixture.beforeAll(null);
    Engine engine = fixture.engine();
    Module module = fixture.compile(EngineFixtureTest.class, GUEST);
    Store store = fixture.newStore();
    Linker linker = fixture.newLinker();

    fixture.afterEach(null);

    assertThatIllegalStateException().isThrownBy(store::gc);
    assertThatIllegalStateException().isThrownBy(() -> linker.instantiate(store, module));
    assertThat(fixture.engine()).isSameAs(engine);
    assertThat(fixture.compile(EngineFixtureTest.class, GUEST)).isSameAs(module);

    fixture.afterAll(null);

    assertThatIllegalStateException().isThrownBy(() -> Store.create(engine));
    assertThatIllegalStateException().isThrownBy(module::serialize);
  }

  @Test
  void aClassThatRunsAgainHasAnotherEngine() {
    for (int i = 0; i < 2; i++) {
      fixture.beforeAll(null);
      assertThat(fixture.compile(EngineFixtureTest.class, GUEST).serialize()).isNotEmpty();
      fixture.afterEach(null);
      fixture.afterAll(null);
    }
  }

  @Test
  void anEngineOfTheTestIsClosedAfterIt() {
    Engine engine = fixture.engine();
    Module module = fixture.compile(EngineFixtureTest.class, GUEST);

    fixture.afterEach(null);

    assertThatIllegalStateException().isThrownBy(() -> Store.create(engine));
    assertThatIllegalStateException().isThrownBy(module::serialize);
    assertThat(fixture.engine()).isNotSameAs(engine);
    fixture.afterEach(null);
  }

  @Test
  void allAreClosedTheLastOneFirstWhenSomeFail() {
    List<Integer> closed = new ArrayList<>();
    Engine engine = fixture.engine();
    for (int i = 0; i < 3; i++) {
      int number = i;
      fixture.afterTest(
          () -> {
            closed.add(number);
            throw new IllegalStateException("number " + number);
          });
    }

    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> fixture.afterEach(null))
        .withMessageContaining("number 0")
        .withMessageContaining("number 2");

    assertThat(closed).containsExactly(2, 1, 0);
    assertThatIllegalStateException().isThrownBy(() -> Store.create(engine));
  }

  @Test
  void theEngineHasTheSettings() {
    assertThatExceptionOfType(Exception.class)
        .isThrownBy(() -> Module.fromWat(ofClass.engine(), "(module (memory 1) (memory 1))"));
  }
}
