package io.github.wasmtimejvm.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentTest {
  @TempDir private Path folder;

  @Test
  void fencesHaveTheirLineLanguageTextAndComment() throws IOException {
    Document document =
        read(
            """
            # Title

            <!-- in A.java -->
            ```java
            int a;

            int b;
            ```

            ```
            plain
            ```
            ```sh
            ```
            """);

    assertThat(document.fences())
        .containsExactly(
            new Fence(document.file(), 4, "java", "int a;\n\nint b;\n", "in A.java"),
            new Fence(document.file(), 10, "", "plain\n", ""),
            new Fence(document.file(), 13, "sh", "", ""));
    assertThat(document.fences()).extracting(Fence::lastLine).containsExactly(8, 12, 14);
    assertThat(document.fences("java")).hasSize(1);
    assertThat(document.fences().getFirst()).hasToString(document.file() + ":4");
  }

  @Test
  void aFenceInATableIsOne() throws IOException {
    Document document =
        read(
            """
            <tr><td>

            ```c
            return 0;
            ```

            </td></tr>
            """);

    assertThat(document.fences("c")).extracting(Fence::text).containsExactly("return 0;\n");
  }

  @Test
  void aCommentThatIsNotDirectlyBeforeIsNoneOfTheFences() throws IOException {
    Document document =
        read(
            """
            <!-- in A.java -->

            ```java
            ```
            """);

    assertThat(document.fences()).extracting(Fence::comment).containsExactly("");
  }

  @Test
  void codeIsFoundOutsideOfFencesOnly() throws IOException {
    Document document =
        read(
            """
            First `a`, then `b c`.
            ```text
            not `this`
            ```
            Last `d`
            """);

    assertThat(document.spans())
        .containsExactly(
            new CodeSpan(document.file(), 1, "a"),
            new CodeSpan(document.file(), 1, "b c"),
            new CodeSpan(document.file(), 5, "d"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"```java\nint a;\n", "text\n```", "some `code that\ngoes on` there\n"})
  void whatHasNoEndIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(text))
        .withMessageContaining("document.md:");
  }

  @Test
  void outputIsAFenceOfText() throws IOException {
    Document document =
        read(
            """
            ```java
            ```
            It prints `less` than

            ```text
            1
            2
            ```
            """);

    assertThat(document.outputOf(document.fences().getFirst())).containsExactly("1", "2");
  }

  @Test
  void outputIsASentenceBeforeTheNextProgramOrHeading() throws IOException {
    Document document =
        read(
            """
            ```java
            ```
            ```sh
            ```
            It prints `3`, and then it prints `4`.
            ```kotlin
            ```
            This prints nothing.
            # Heading
            That prints `5`.
            """);

    assertThat(document.outputOf(document.fences("java").getFirst())).containsExactly("3", "4");
    assertThat(document.outputOf(document.fences("sh").getFirst())).containsExactly("3", "4");
    assertThat(document.outputOf(document.fences("kotlin").getFirst())).isEmpty();
  }

  @Test
  void theOutputOfOneCommandIsNotThatOfAnother() throws IOException {
    Document document =
        read(
            """
            ```sh
            ```
            ```sh
            ```
            It prints `3`.
            """);

    assertThat(document.outputOf(document.fences().getFirst())).isEmpty();
  }

  private Document read(String text) throws IOException {
    return Document.read(Files.writeString(folder.resolve("document.md"), text));
  }
}
