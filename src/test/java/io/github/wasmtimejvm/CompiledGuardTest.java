package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Compiled code that is not what it was is refused before the engine gets it. */
class CompiledGuardTest {
  // Seen from the end of a file.
  private static final int HASH = 32;
  private static final int MAGIC = HASH + 12;
  private static final int FORMAT = MAGIC + 4;
  private static final int SIZE = FORMAT + 8;
  private static final int MAKER = SIZE + 64;

  @TestFactory
  Stream<DynamicTest> isRefused() {
    return GuardCases.tests(CompiledGuardTest.class, cases());
  }

  public static void main(String[] args) {
    GuardCases.run(cases());
  }

  private static Map<String, GuardCases.Case> cases() {
    Map<String, GuardCases.Case> cases = new LinkedHashMap<>();
    cases.put("cut off at any length", CompiledGuardTest::cutOff);
    cases.put("a bit of any byte flipped", CompiledGuardTest::flipped);
    cases.put("more behind it", CompiledGuardTest::longer);
    cases.put("another format, engine or platform", CompiledGuardTest::otherMakers);
    cases.put("a wrong size in the trailer", CompiledGuardTest::wrongSize);
    cases.put("nothing at all", CompiledGuardTest::nothing);
    cases.put("a damaged file of a cache", CompiledGuardTest::inCache);
    return cases;
  }

  private static void cutOff(GuardWorld w) {
    byte[] compiled = w.module.serialize();
    for (int length = 0; length < compiled.length; length++) {
      assertRefused(w, Arrays.copyOf(compiled, length), "its end is missing");
    }
    assertRefused(w, Arrays.copyOfRange(compiled, 1, compiled.length), "damaged");
  }

  private static void flipped(GuardWorld w) {
    byte[] compiled = w.module.serialize();
    for (int at = 0; at < compiled.length; at++) {
      compiled[at] ^= (byte) (1 << at % 8);
      assertRefused(w, compiled, "");
      compiled[at] ^= (byte) (1 << at % 8);
    }
    Module.deserialize(w.engine, compiled).close();
  }

  private static void longer(GuardWorld w) {
    byte[] compiled = w.module.serialize();
    assertRefused(w, Arrays.copyOf(compiled, compiled.length + 1), "its end is missing");
    byte[] twice = Arrays.copyOf(compiled, 2 * compiled.length);
    System.arraycopy(compiled, 0, twice, compiled.length, compiled.length);
    assertRefused(w, twice, "damaged");
  }

  private static void otherMakers(GuardWorld w) throws NoSuchAlgorithmException {
    byte[] compiled = w.module.serialize();
    assertRefused(w, changed(compiled, FORMAT, new byte[] {1}), "has the format 1");
    assertRefused(w, changed(compiled, FORMAT, new byte[] {3}), "has the format 3");
    assertRefused(w, changed(compiled, FORMAT, new byte[] {0}), "has the format 0");
    byte[] engine = "50.0.2".getBytes(StandardCharsets.US_ASCII);
    assertRefused(w, changed(compiled, MAKER, engine), "is of Wasmtime 50.0.2 for ");
    byte[] platform = "50.0.1 for plan9-pdp11\0".getBytes(StandardCharsets.US_ASCII);
    assertRefused(w, changed(compiled, MAKER, platform), "is of Wasmtime 50.0.1 for plan9-pdp11");
    byte[] full = new byte[64];
    Arrays.fill(full, (byte) 'x');
    assertRefused(w, changed(compiled, MAKER, full), "is of Wasmtime xxx");
  }

  private static void wrongSize(GuardWorld w) throws NoSuchAlgorithmException {
    byte[] compiled = w.module.serialize();
    for (int at = SIZE; at > FORMAT; at--) {
      assertRefused(w, changed(compiled, at, new byte[] {(byte) 0xff}), "damaged");
    }
  }

  /** A file with other bytes at that distance from its end, and a hash that is right again. */
  private static byte[] changed(byte[] compiled, int at, byte[] bytes)
      throws NoSuchAlgorithmException {
    byte[] changed = compiled.clone();
    System.arraycopy(bytes, 0, changed, changed.length - at, bytes.length);
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    sha256.update(changed, 0, changed.length - HASH);
    System.arraycopy(sha256.digest(), 0, changed, changed.length - HASH, HASH);
    return changed;
  }

  // Also by those that trust what they get: the engine finds no header.
  private static void nothing(GuardWorld w) throws IOException {
    Path file = Files.createTempFile("nothing", ".cwasm");
    for (byte[] bytes : new byte[][] {{}, {0}, {0x7f, 'E', 'L', 'F'}, new byte[5000]}) {
      Files.write(file, bytes);
      assertRefused(w, bytes, "its end is missing");
      assertThatExceptionOfType(CompileException.class)
          .isThrownBy(() -> Module.trustCompiled(w.engine, bytes));
      assertThatExceptionOfType(CompileException.class)
          .isThrownBy(() -> Module.trustCompiledFile(w.engine, file));
    }
    Files.delete(file);
  }

  private static void inCache(GuardWorld w) throws IOException {
    byte[] wasm = Module.wat2wasm("(module (func (export \"f\") (result i32) (i32.const 42)))");
    ModuleCache cache = ModuleCache.open(Files.createTempDirectory("cache"), 1 << 20);
    cache.module(w.engine, wasm).close();
    Path file;
    try (Stream<Path> files = Files.list(cache.folder())) {
      file = files.toList().getFirst();
    }
    byte[] compiled = Files.readAllBytes(file);
    for (int at = 0; at < compiled.length; at += 97) {
      byte[] damaged = compiled.clone();
      damaged[at] ^= (byte) (1 << at % 8);
      inCache(w, cache, wasm, file, damaged);
      inCache(w, cache, wasm, file, Arrays.copyOf(compiled, at));
      assertThat(file).hasBinaryContent(compiled);
    }
    Files.delete(file);
    Files.delete(cache.folder());
  }

  private static void inCache(
      GuardWorld w, ModuleCache cache, byte[] wasm, Path file, byte[] content) throws IOException {
    Files.delete(file);
    Files.write(file, content);
    try (Module module = cache.module(w.engine, wasm);
        Store store = Store.create(w.engine)) {
      assertThat(Instance.create(store, module).func("f").call()).isEqualTo(42);
    }
  }

  private static void assertRefused(GuardWorld w, byte[] compiled, String reason) {
    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(() -> Module.deserialize(w.engine, compiled))
        .withMessageContaining(reason);
  }
}
