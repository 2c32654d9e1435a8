package io.github.wasmtimejvm.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The reference program, which measures in C. */
final class Reference {
  private final String program;
  private final Path component;
  private final boolean modules;
  private final boolean components;

  /**
   * @param component the file with the component's text
   * @param wanted the names of the figures that are wanted
   */
  Reference(String program, Path component, List<String> wanted) {
    this.program = program;
    this.component = component;
    this.components = wanted.stream().anyMatch(Reference::isOfComponent);
    this.modules = !wanted.stream().allMatch(Reference::isOfComponent);
  }

  private static boolean isOfComponent(String figure) {
    return figure.startsWith("component_");
  }

  /** Writes the modules that it uses. */
  void writeGuests(Path folder) throws IOException, InterruptedException {
    Files.writeString(folder.resolve("guest.wat"), output("bench", "--print-guest"));
    Files.writeString(folder.resolve("small-guest.wat"), output("bench", "--print-small-guest"));
  }

  /** Measures: nanoseconds by name. */
  Map<String, Double> figures() throws IOException, InterruptedException {
    Map<String, Double> figures = new HashMap<>();
    if (modules) {
      read(output("bench"), figures);
    }
    if (components) {
      read(output("bench-components", component.toString()), figures);
    }
    return figures;
  }

  private static void read(String output, Map<String, Double> figures) {
    for (String line : output.lines().toList()) {
      String[] nameAndNs = line.split(" ");
      figures.put(nameAndNs[0], Double.valueOf(nameAndNs[1]));
    }
  }

  private String output(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(arguments));
    command.addFirst(program);
    Process process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(command + " ended with " + process.exitValue());
    }
    return output;
  }
}
