package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.testing.ChildJvm;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * No combination of two settings ends the process: it is refused, or an engine is built that runs
 * the guests that it accepts, with the right results.
 */
class EngineGuardTest {
  // What was said to engines whose guests were run, with those guests.
  private static final Set<String> TRIED = new HashSet<>();

  @Test
  void noTwoSettingsEndTheProcess() {
    ChildJvm.Result result =
        ChildJvm.with().timeout(Duration.ofHours(1)).run(EngineGuardTest.class);

    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout()).doesNotContain("wrong: ").endsWith("done\n");
  }

  public static void main(String[] args) throws InterruptedException {
    Thread thread = new Thread(null, EngineGuardTest::walk, "large", 64 << 20);
    thread.start();
    thread.join();
  }

  private static void walk() {
    List<SettingValues.Setting> all = SettingValues.all();
    for (int i = 0; i < all.size(); i++) {
      attempt(List.of(all.get(i)), EngineCases.GUESTS);
      for (int j = i + 1; j < all.size(); j++) {
        // Compilers and allocators meet every guest, the other pairs one that has something of all.
        boolean thorough = all.get(i).name().matches("strategy|target");
        attempt(List.of(all.get(i), all.get(j)), thorough ? EngineCases.GUESTS : List.of("plain"));
      }
    }
    System.out.println("done");
  }

  private static void attempt(List<SettingValues.Setting> settings, List<String> guests) {
    // Stands there when the process ends, as the last line.
    System.out.println(settings);
    try {
      EngineBuilder builder = Engine.builder();
      settings.forEach(setting -> setting.apply().accept(builder));
      // About half of the pairs have a default value, so that the engine is one that was tried:
      // then
      // it is built only. To the engine itself each setting is always said.
      boolean tried = !TRIED.add(guests + EngineCases.written(builder));
      EngineCases.attempt(builder, tried ? List.of() : guests);
    } catch (Throwable t) {
      System.out.println("wrong: " + t);
    }
  }
}
