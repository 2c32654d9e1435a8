package io.github.wasmtimejvm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.testing.ChildJvm;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table of the official tool's flags in docs/command-line.md says what is so. */
class OfficialFlagsIT {
  private static final Pattern ROW = Pattern.compile("\\| (`.*`) \\| (same|differs|refused)\\b.*");
  private static final Pattern SPAN = Pattern.compile("`([^`]*)`");

  // The option and the name of a setting.
  private static final Pattern SETTING = Pattern.compile("(-[OCDWS]) ([a-z0-9-]+)");

  @TempDir private Path folder;

  private record Flag(String flag, String verdict) {}

  private static List<Flag> table() throws Exception {
    List<Flag> flags = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("docs/command-line.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        Matcher span = SPAN.matcher(row.group(1));
        while (span.find()) {
          flags.add(new Flag(span.group(1), row.group(2)));
        }
      }
    }
    return flags;
  }

  @Test
  void eachFlagStandsThereOnce() throws Exception {
    assertThat(table()).extracting(Flag::flag).doesNotHaveDuplicates().hasSizeGreaterThan(100);
  }

  @Test
  void settingsAreTakenOrRefusedAsItSays() throws Exception {
    Map<String, String> said = new LinkedHashMap<>();
    for (Flag flag : table()) {
      if (SETTING.matcher(flag.flag()).matches()) {
        said.put(flag.flag(), flag.verdict().equals("refused") ? "refused" : "taken");
      }
    }
    List<String> arguments = new ArrayList<>(said.keySet());
    ChildJvm.Result result =
        ChildJvm.with()
            .classPath(
                CommandLine.JAR,
                Path.of(
                    OfficialFlagsIT.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI()))
            .run(Settings.class, arguments.toArray(String[]::new));

    assertThat(result.exitCode()).as(result.toString()).isZero();
    Set<String> expected = new TreeSet<>();
    said.forEach((setting, verdict) -> expected.add(setting + " is " + verdict));
    assertThat(new TreeSet<>(result.stdout().lines().toList())).isEqualTo(expected);
  }

  /** Says of each setting what the command line does with it, and names all that it refuses. */
  static final class Settings {
    public static void main(String[] args) throws Exception {
      for (String arg : args) {
        Matcher setting = SETTING.matcher(arg);
        assertThatMatches(setting);
        say(setting.group(1), setting.group(2));
      }
      Class<?> guest = Class.forName("io.github.wasmtimejvm.cli.GuestOptions");
      sayOfficial("-O", guest, "OFFICIAL_OPTIMIZE");
      sayOfficial("-C", guest, "OFFICIAL_CODEGEN");
      sayOfficial("-D", guest, "OFFICIAL_DEBUG");
      sayOfficial("-W", guest, "OFFICIAL_WASM");
      sayOfficial("-S", Class.forName("io.github.wasmtimejvm.cli.WasiOptions"), "OFFICIAL");
    }

    private static void assertThatMatches(Matcher setting) {
      if (!setting.matches()) {
        throw new AssertionError(setting);
      }
    }

    private static void sayOfficial(String option, Class<?> type, String field) throws Exception {
      Field official = type.getDeclaredField(field);
      official.setAccessible(true);
      for (String name : ((String) official.get(null)).strip().split("\\s+")) {
        say(option, name);
      }
    }

    private static void say(String option, String name) throws Exception {
      Class<?> type =
          Class.forName(
              "io.github.wasmtimejvm.cli."
                  + (option.equals("-S") ? "WasiOptions" : "GuestOptions"));
      Constructor<?> constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      Method set = type.getDeclaredMethod("set", String.class, String.class);
      set.setAccessible(true);
      String verdict = "taken";
      try {
        set.invoke(constructor.newInstance(), option, name);
      } catch (InvocationTargetException e) {
        String message = String.valueOf(e.getCause().getMessage());
        // A setting that needs a value is one that is taken.
        if (message.contains("is not supported here")) {
          verdict = "refused";
        } else if (!message.contains("needs a value")) {
          verdict = message;
        }
      }
      System.out.println(option + " " + name + " is " + verdict);
    }
  }

  @Test
  void optionsAreTakenOrRefusedAsItSays() throws Exception {
    for (Flag flag : table()) {
      if (!flag.flag().contains(" ")) {
        boolean taken = isTaken("run", flag.flag()) || isTaken("compile", flag.flag());

        assertThat(taken).as(flag.toString()).isNotEqualTo(flag.verdict().equals("refused"));
      }
    }
  }

  private boolean isTaken(String command, String option) throws Exception {
    ChildJvm.Result result = CommandLine.runIn(folder, command, option);
    return !result.stderr().contains("is not supported here")
        && !result.stderr().contains("unknown option");
  }
}
