package io.github.wasmtimejvm.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {
  @TempDir private Path folder;

  @Test
  void aFenceHasACommandOnEachLineThatIsNotContinued() throws IOException {
    List<Commands> commands =
        commands(
            """
            ```sh
            # They are two.
            first a   # does this
            second \\
              --b 'c d'
            ```

            ```text
            1
            ```
            """);

    assertThat(commands).hasSize(1);
    assertThat(commands.getFirst().commands()).containsExactly("first a", "second --b 'c d'");
    assertThat(commands.getFirst().output()).containsExactly("1");
    assertThat(commands.getFirst().place()).endsWith("document.md:1");
  }

  @Test
  void codeInASentenceIsACommandIfItBeginsAsOne() throws IOException {
    assertThat(
            commands(
                "`scripts/test`, `mvn package`, `java -jar`, `java.lang`, `jar`, `a scripts/b`\n"))
        .flatExtracting(Commands::commands)
        .containsExactly("scripts/test", "mvn package", "java -jar");
  }

  @Test
  void aFileThatCannotBeRunIsNoCommand() throws IOException {
    assertThat(commands("`scripts/lib.sh` `scripts/capi/choices.py` `scripts/no-such-script`\n"))
        .flatExtracting(Commands::commands)
        .containsExactly("scripts/no-such-script");
  }

  private List<Commands> commands(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("document.md"), text);
    return Commands.in(List.of(Document.read(file)));
  }
}
