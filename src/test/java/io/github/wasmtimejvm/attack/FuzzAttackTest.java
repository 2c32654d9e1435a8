package io.github.wasmtimejvm.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.CompileException;
import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A slice of the attack by random modules, and what they are made by. */
class FuzzAttackTest {
  private static final int CASES = 80;

  @TempDir private Path folder;

  @Test
  void noGuestEndsTheProcessOrDiffersBetweenEngines() throws Exception {
    AttackRun run = new AttackRun(List.of(), List.of(), folder);

    Tally tally = Slice.run(run, AttackKind.FUZZ, 1, CASES);

    assertThat(tally.sum("compared")).isGreaterThan(CASES / 4);
  }

  @Test
  void whatIsGeneratedIsValid() {
    Random random = new Random(1);
    int valid = 0;
    try (Engine engine = Engine.create()) {
      for (int i = 0; i < CASES; i++) {
        byte[] wasm = ModuleGenerator.generate(random, ModuleGenerator.Options.random(random));
        try {
          Module.validate(engine, wasm);
          valid++;
        } catch (CompileException e) {
          // counted
        }
      }
    }
    assertThat(valid).isGreaterThan(CASES * 95 / 100);
  }

  @Test
  void aCaseIsDeterminedByItsSeed() {
    ModuleGenerator.Options options = new ModuleGenerator.Options(true, true, true, true, true);

    byte[] one = ModuleGenerator.generate(new Random(7), options);
    byte[] again = ModuleGenerator.generate(new Random(7), options);

    assertThat(again).isEqualTo(one);
    assertThat(new Mutator(new Random(8)).mutate(one, again))
        .isEqualTo(new Mutator(new Random(8)).mutate(one, again));
  }

  @Test
  void runsThatDifferAreToldApart() throws Exception {
    FuzzRun.Trace one = trace("(f32.const nan)");

    assertThat(one.difference(trace("(f32.const nan)"))).isNull();
    assertThat(one.difference(trace("(f32.const nan:0x200000)"))).contains("f gave f32 7fa00000");
    assertThat(one.difference(trace("unreachable"))).contains("f trapped");
  }

  private FuzzRun.Trace trace(String body) throws Exception {
    FuzzEngines engines = new FuzzEngines();
    FuzzEngines.Setup setup = FuzzEngines.first();
    String wat = "(module (func (export \"f\") (result f32) " + body + "))";
    try (Module module = Module.fromWat(engines.engine(setup), wat);
        Store store = engines.store(setup)) {
      return FuzzRun.run(module, store, 1, Journal.open(folder.resolve("journal")));
    }
  }
}
