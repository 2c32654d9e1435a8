package io.github.wasmtimejvm.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaProgramTest {
  @TempDir private Path folder;

  @Test
  void aMainMethodMakesAProgramAsItStands() throws IOException {
    String java = "class A {\n  static void main(String[] args) {}\n}\n";

    JavaProgram program = only("```java\n" + java + "```\nIt prints `1`.\n");

    assertThat(program.name()).isEqualTo("A");
    assertThat(program.source()).isEqualTo(java);
    assertThat(program.output()).containsExactly("1");
  }

  @Test
  void partsStandInTheirPlacesInOrder() throws IOException {
    write("A.java", "// prints: 5\nclass A {\n  // block\n  int b = 2;\n  // block\n}\n");

    JavaProgram program =
        only(
            """
            <!-- in A.java -->
            ```java
            int a = 1;
            ```
            <!-- in A.java -->
            ```java
            int c = 3;
            ```
            """);

    assertThat(program.source().strip())
        .isEqualTo("// prints: 5\nclass A {\nint a = 1;\n  int b = 2;\nint c = 3;\n}");
    assertThat(program.output()).containsExactly("5");
    assertThat(program.parts()).extracting(Fence::line).containsExactly(2, 6);
  }

  @Test
  void importsAreThoseThatTheDocumentHasTold() throws IOException {
    write("A.java", "// prints: 5\nclass A {\n  // block\n}\n");

    JavaProgram program =
        only(
            """
            With `import a.*` and
            ```java
            import b.B; // it is needed
            ```
            goes
            <!-- in A.java -->
            ```java
            import module c;

            int a = 1;
            ```
            but not `import d.*`.
            """);

    assertThat(program.source())
        .startsWith("import a.*;\nimport b.B; // it is needed\nimport module c;\n// prints")
        .doesNotContain("import d");
  }

  @Test
  void javaWithoutSurroundingsIsRefused() {
    assertRefused("```java\nint a = 1;\n```\n", "document.md:1: ", "no surroundings", "NAME.java");
  }

  @Test
  void surroundingsThatImportAreRefused() throws IOException {
    write("A.java", "import java.util.List;\n// prints: 5\nclass A {\n  // block\n}\n");

    assertRefused("<!-- in A.java -->\n```java\n```\n", "A.java imports something");
  }

  @Test
  void morePartsThanPlacesAreRefused() throws IOException {
    write("A.java", "// prints: 5\nclass A {\n  // block\n}\n");

    assertRefused("<!-- in A.java -->\n```java\n```\n".repeat(2), "has 1 lines", ":2, ", ":5]");
  }

  @Test
  void aProgramOfWhichNobodySaysWhatItPrintsIsRefused() throws IOException {
    write("A.java", "class A {\n  // block\n}\n");

    assertRefused("<!-- in A.java -->\n```java\n```\n", "document.md:2]: what it prints");
    assertRefused("```java\nclass B { void main() {} }\n```\n", "document.md:1]: what it prints");
  }

  @Test
  void whatIsForJShellIsNoProgram() throws IOException {
    assertThat(programs("<!-- in JShell -->\n```java\nint a = 1;\n```\n")).isEmpty();
  }

  private void assertRefused(String text, String... parts) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> programs(text))
        .satisfies(refused -> assertThat(refused).hasMessageContainingAll(parts));
  }

  private JavaProgram only(String text) throws IOException {
    List<JavaProgram> programs = programs(text);
    assertThat(programs).hasSize(1);
    return programs.getFirst();
  }

  private List<JavaProgram> programs(String text) throws IOException {
    write("document.md", text);
    return JavaProgram.in(List.of(Document.read(folder.resolve("document.md"))), folder);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }
}
