package io.github.wasmtimejvm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.github.wasmtimejvm.declarations.BinaryDeclarations;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is looked at before the engine gets compiled code. Nothing that is damaged is loaded here:
 * {@link CompiledGuardTest} does that, in a process of its own.
 */
class CompiledCheckTest {
  private static final int TRAILER = 156;
  private static final int HASH = 32;

  private static Engine engine;
  private static byte[] compiled;
  private static byte[] key;

  @TempDir private Path folder;

  @BeforeAll
  static void compile() {
    engine = Engine.create();
    key = new byte[CompiledFile.KEY_SIZE];
    key[0] = 1;
    key[31] = 2;
    try (Arena arena = Arena.ofConfined();
        Module module = Module.fromWat(engine, "(module (func (export \"f\")))")) {
      compiled = CompiledModules.CODE.serialize(arena, module, key).toArray(JAVA_BYTE);
    }
  }

  @AfterAll
  static void closeEngine() {
    engine.close();
  }

  private static MemorySegment check(byte[] file, byte[] key) {
    return CompiledFile.MODULES.check(engine.codeSettings(), MemorySegment.ofArray(file), key);
  }

  private static ByteBuffer trailer(byte[] file) {
    return ByteBuffer.wrap(file, file.length - TRAILER, TRAILER)
        .slice()
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] hashed(byte[] file) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(file, 0, file.length - HASH);
      System.arraycopy(sha256.digest(), 0, file, file.length - HASH, HASH);
      return file;
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertRefused(byte[] file, String reason) {
    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(() -> check(file, key))
        .withMessageContaining(reason);
  }

  @Test
  void aWholeFileIsWhatTheEngineSerialized() {
    long payload = trailer(compiled).getLong(100);
    assertThat(check(compiled, key).byteSize()).isEqualTo(payload);
    assertThat(check(compiled, null).byteSize()).isEqualTo(payload);
    assertThat(trailer(compiled).slice(0, 32)).isEqualTo(ByteBuffer.wrap(key));
  }

  @Test
  void anotherKeyIsAnotherModule() {
    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(() -> check(compiled, new byte[32]))
        .withMessage("the compiled module is another one");
  }

  /** In the trailer: the place, what stands there, and whether the hash is made anew. */
  @ParameterizedTest
  @CsvSource({
    "96, 2147483647, true, its SHA-256 is another one",
    "96, -1, true, its SHA-256 is another one",
    "104, 1, true, its SHA-256 is another one", // the size's upper half
    "104, -1, true, its SHA-256 is another one",
    "108, 1, true, 'has the format 1, this release reads 2: compile it anew'",
    "108, -1, false, 'has the format 4294967295, this release'",
    "112, 0, true, this is no compiled module of wasmtime-jvm",
    "32, 808464432, true, 'is of Wasmtime 0000.1 for '",
    "0, 7, true, the compiled module is another one",
    "0, 7, false, its SHA-256 is another one",
    "124, 0, false, its SHA-256 is another one",
  })
  void whatTheTrailerSaysIsChecked(int place, int value, boolean hash, String reason) {
    byte[] file = compiled.clone();
    trailer(file).putInt(place, value);
    assertRefused(hash ? hashed(file) : file, reason);
  }

  @Test
  void sizesThatDoNotFitAreDamage() {
    int payload = (int) trailer(compiled).getLong(100);
    int settings = trailer(compiled).getInt(96);
    int end = compiled.length - TRAILER;
    // One more or less of code or settings; all of the file and one more than that.
    int[][] sizes = {
      {payload, settings + 1},
      {payload, settings - 1},
      {payload + 1, settings},
      {end, 1},
      {end + 1, 0},
      {end + 1, -1},
      {payload, end - payload + 1},
    };
    for (int[] size : sizes) {
      byte[] file = compiled.clone();
      trailer(file).putLong(100, size[0]).putInt(96, size[1]);
      assertRefused(hashed(file), "the compiled module is damaged");
    }
    // Nothing declared, which is known by no byte being there; nor settings; nor code.
    for (int[] size : new int[][] {{payload, end - payload}, {end, 0}, {0, end}}) {
      byte[] file = compiled.clone();
      trailer(file).putLong(100, size[0]).putInt(96, size[1]);
      assertRefused(hashed(file), "the compiled module was compiled with ");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, TRAILER - 1, TRAILER})
  void aBeginningIsNoModule(int size) {
    assertRefused(Arrays.copyOf(compiled, size), "this is no compiled module of wasmtime-jvm");
  }

  @Test
  void anEndIsAModuleWithoutItsBeginning() {
    assertRefused(
        Arrays.copyOfRange(compiled, compiled.length - TRAILER, compiled.length),
        "its SHA-256 is another one");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65535, 65536, 65537, 200_000})
  void filesOfAnySizeAreReadHashedAndWritten(int size) throws Exception {
    byte[] content = new byte[size];
    for (int i = 0; i < size; i++) {
      content[i] = (byte) (i * 31 + i / 997);
    }
    Path file = Files.write(folder.resolve("file"), content);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment read = CompiledFile.read(arena, file);
      ByteArrayOutputStream written = new ByteArrayOutputStream();
      CompiledFile.write(read, written);
      assertThat(written.toByteArray()).isEqualTo(content);
      byte[] twice = Arrays.copyOf(content, 2 * size);
      System.arraycopy(content, 0, twice, size, size);
      assertThat(CompiledFile.sha256(read, MemorySegment.ofArray(content)))
          .isEqualTo(MessageDigest.getInstance("SHA-256").digest(twice));
    }
  }

  @Test
  void aFolderIsNotRead() {
    try (Arena arena = Arena.ofConfined()) {
      assertThatIOException()
          .isThrownBy(() -> CompiledFile.read(arena, folder))
          .withMessageContaining("not a regular file");
    }
  }

  /** Of a mapped file the end is read for what is declared, and no more is trusted of it. */
  @Test
  void aMappedFileSaysWhatItDeclares() throws IOException {
    Path file = Files.write(folder.resolve("file"), compiled);
    try (Module module = CompiledModules.CODE.trustFile(engine, file)) {
      assertThat(module.declarations()).isInstanceOf(BinaryDeclarations.class);
      assertThat(module.exports()).extracting(ExportType::name).containsExactly("f");
    }
    int end = compiled.length - TRAILER;
    int payload = (int) trailer(compiled).getLong(100);
    int settings = trailer(compiled).getInt(96);
    int[][] others = {
      {96, end - payload}, {96, end}, {96, -1}, {108, 1}, {112, 0}, {96, settings + 1}, {104, -1},
    };
    for (int[] other : others) {
      byte[] changed = compiled.clone();
      trailer(changed).putInt(other[0], other[1]);
      try (Module module =
          CompiledModules.CODE.trustFile(engine, Files.write(folder.resolve("other"), changed))) {
        assertThat(module.declarations()).isNotInstanceOf(BinaryDeclarations.class);
        assertThat(module.exports()).extracting(ExportType::name).containsExactly("f");
      }
    }
  }

  @Test
  void aFileHasTheKeyThatItWasMadeFor() {
    byte[] other = key.clone();
    other[5] = 3;
    try (Arena arena = Arena.ofConfined();
        Module module = Module.fromWat(engine, "(module)")) {
      MemorySegment file = CompiledModules.CODE.serialize(arena, module, other);
      CompiledFile.MODULES.check(engine.codeSettings(), file, other);
      assertRefused(file.toArray(JAVA_BYTE), "the compiled module is another one");
    }
  }
}
