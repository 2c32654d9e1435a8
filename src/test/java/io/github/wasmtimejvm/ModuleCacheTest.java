package io.github.wasmtimejvm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.wasmtimejvm.internal.CacheSize;
import io.github.wasmtimejvm.testing.ChildJvm;
import io.github.wasmtimejvm.testing.Guests;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has neither modes nor inode numbers")
class ModuleCacheTest {
  private static final long PLENTY = 1L << 30;
  private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2001-01-01T00:00:00Z"));

  @TempDir private Path temporary;
  private Path folder;
  private Engine engine;

  @BeforeEach
  void createEngine() {
    engine = Engine.create();
    folder = temporary.resolve("parent").resolve("cache");
  }

  @AfterEach
  void closeEngine() {
    engine.close();
  }

  @Test
  void compilesOnce() throws IOException {
    load(engine, 7);
    Path file = onlyFile();
    Object compiled = identity(file);
    Files.setLastModifiedTime(file, LONG_AGO);

    load(engine, 7);

    assertThat(identity(onlyFile())).isEqualTo(compiled);
    assertThat(Files.getLastModifiedTime(file)).as("was used").isGreaterThan(LONG_AGO);
  }

  @Test
  void aTrapHasItsSourceLinesOutOfTheCacheToo() throws IOException {
    byte[] wasm =
        Module.wat2wasm(
            Files.readString(Guests.file(SourceLinesTest.class, SourceLinesTest.DWARF5)));
    List<WasmFrame> compiled = framesOfTrap(wasm);
    Path file = onlyFile();
    Files.setLastModifiedTime(file, LONG_AGO);

    List<WasmFrame> loaded = framesOfTrap(wasm);

    assertThat(Files.getLastModifiedTime(file)).as("was used").isGreaterThan(LONG_AGO);
    assertThat(loaded).isEqualTo(compiled);
    assertThat(loaded.getFirst().sourceFile()).isEqualTo("/guest/lines.c");
    assertThat(loaded.getFirst().sourceLine()).hasValue(5);
  }

  private List<WasmFrame> framesOfTrap(byte[] wasm) {
    try (Module module = cache().module(engine, wasm);
        Store store = Store.create(engine)) {
      return SourceLinesTest.trapOf(Instance.create(store, module)).frames();
    }
  }

  @Test
  void isForOtherEnginesWithTheSameSettingsToo() throws IOException {
    load(engine, 7);
    Object compiled = identity(onlyFile());
    try (Engine same = Engine.create()) {
      load(same, 7);
    }
    assertThat(identity(onlyFile())).isEqualTo(compiled);
  }

  @Test
  void keepsOneForEachSettings() throws IOException {
    load(engine, 7);
    int files = 1;
    for (EngineBuilder builder :
        List.of(
            Engine.builder().memoryMayMove(false),
            // The engine compares these not.
            Engine.builder().nanCanonicalization(true),
            Engine.builder().optLevel(OptLevel.NONE),
            Engine.builder().maxWasmStack(100_000))) {
      try (Engine other = builder.build()) {
        load(other, 7);
        load(other, 7);
      }
      assertThat(files()).hasSize(++files);
    }
  }

  @Test
  void keepsOneForEachModule() throws IOException {
    load(engine, 7);
    load(engine, 8);
    assertThat(files()).hasSize(2);
  }

  @Test
  void isPrivate() throws IOException {
    load(engine, 7);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(onlyFile())))
        .isEqualTo("rw-------");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void itsFilesAreMapped() throws IOException {
    load(engine, 7);
    try (Module module = cache().module(engine, wasm(7))) {
      assertThat(module.imageRange().start()).isEqualTo(mapping(onlyFile()));
    }
  }

  private static long mapping(Path file) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/maps")).stream()
        .filter(line -> line.endsWith(file.toString()))
        .mapToLong(line -> Long.parseLong(line, 0, line.indexOf('-'), 16))
        .min()
        .orElseThrow();
  }

  @Test
  void replacesWhatIsOfAnotherModuleOrEngine() throws IOException {
    load(engine, 7);
    final Path seven = onlyFile();
    byte[] right = Files.readAllBytes(seven);
    load(engine, 8);
    try (Engine other = Engine.builder().memoryMayMove(false).build()) {
      load(other, 7);
    }
    for (Path file : files()) {
      if (!file.equals(seven)) {
        replace(seven, Files.readAllBytes(file));
        load(engine, 7);
        assertThat(seven).hasBinaryContent(right);
      }
    }
    try (Module module = Module.fromBytes(engine, wasm(7))) {
      replace(seven, module.serialize()); // nobody said which module this is
    }
    load(engine, 7);
    assertThat(seven).hasBinaryContent(right);
  }

  @Test
  void replacesWhatTheEngineRefuses() throws IOException {
    load(engine, 7);
    Path file = onlyFile();
    byte[] right = Files.readAllBytes(file);
    String name = file.getFileName().toString();
    byte[] key = HexFormat.of().parseHex(name.substring(0, name.indexOf('.')));
    try (Arena arena = Arena.ofConfined();
        Engine other = Engine.builder().memoryMayMove(false).build();
        Module module = Module.fromBytes(other, wasm(7))) {
      replace(file, CompiledModules.CODE.serialize(arena, module, key).toArray(JAVA_BYTE));
    }
    load(engine, 7);
    assertThat(file).hasBinaryContent(right);
  }

  private static void replace(Path file, byte[] content) throws IOException {
    Files.delete(file);
    Files.write(file, content);
  }

  @Test
  void replacesALinkAndNotItsTarget() throws IOException {
    load(engine, 7);
    Path file = onlyFile();
    Path target = temporary.resolve("target");
    Files.move(file, target);
    Files.createSymbolicLink(file, target);
    Files.setLastModifiedTime(target, LONG_AGO);

    load(engine, 7);

    assertThat(file).isRegularFile();
    assertThat(Files.isSymbolicLink(file)).isFalse();
    assertThat(Files.getLastModifiedTime(target)).isEqualTo(LONG_AGO);
  }

  @Test
  void worksWhereAFileCannotBeReplaced() throws IOException {
    load(engine, 7);
    Path file = onlyFile();
    Files.delete(file);
    Files.createFile(Files.createDirectory(file).resolve("in the way"));

    load(engine, 7);

    assertThat(files()).containsExactly(file);
  }

  @Test
  void aFolderThatIsOpenToOthersIsNotUsed() throws IOException {
    Files.createDirectories(folder);
    for (String mode : List.of("rwxr-xr-x", "rwxrwxrwx", "rwx--x---")) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(mode));
      load(engine, 7);
      assertThat(files()).isEmpty();
    }
  }

  @Test
  void aFolderOfAnotherUserIsNotUsed() throws IOException {
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    assumeTrue(
        Files.getAttribute(folder, "unix:uid").equals(0),
        "only root can make such a folder, and only root could use it");
    Files.setAttribute(folder, "unix:uid", 12345);
    load(engine, 7);
    assertThat(files()).isEmpty();
  }

  @Test
  void aFolderThatIsALinkIsNotUsed() throws IOException {
    Path target = temporary.resolve("target");
    Files.createDirectory(
        target, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.createSymbolicLink(folder = temporary.resolve("link"), target);
    load(engine, 7);
    assertThat(target).isEmptyDirectory();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFolderThatCannotBeCreatedIsNotMissed() throws IOException {
    folder = Path.of("/proc/self/none/cache");
    load(engine, 7);
    folder = Files.createFile(temporary.resolve("file"));
    load(engine, 7);
    folder = folder.resolve("cache");
    load(engine, 7);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFullDiskIsNotMissed() {
    ChildJvm.Result result = ChildJvm.run(FullDisk.class, folder.toString());
    assertThat(result.exitCode()).as(result.toString()).isZero();
    assertThat(result.stdout()).as(result.toString()).isEqualTo("10 10\n");
    assertThat(result.stderr())
        .containsOnlyOnce("WARNING: Nothing can be written to the module cache " + folder);
  }

  /** No file of this process can become larger than a page. */
  static final class FullDisk {
    public static void main(String[] args) throws Exception {
      try (Engine engine = Engine.create()) {
        Process limit =
            new ProcessBuilder(
                    "prlimit", "--fsize=4096", "--pid", "" + ProcessHandle.current().pid())
                .inheritIO()
                .start();
        assertThat(limit.waitFor()).isZero();
        ModuleCache cache = ModuleCache.open(Path.of(args[0]), PLENTY);
        System.out.println(result(cache, engine, 10) + " " + result(cache, engine, 10));
        try (Stream<Path> left = Files.list(cache.folder())) {
          assertThat(left).isEmpty();
        }
      }
    }
  }

  @Test
  void deletesWhatWasNotUsedForTheLongestTime() throws IOException {
    load(engine, 1);
    Path one = onlyFile();
    final long size = Files.size(one);
    load(engine, 2);
    Path two = files().stream().filter(file -> !file.equals(one)).findFirst().orElseThrow();
    Files.setLastModifiedTime(one, LONG_AGO);
    Files.setLastModifiedTime(two, FileTime.from(LONG_AGO.toInstant().plusSeconds(1)));
    load(engine, 1); // which makes it the younger one

    ModuleCache small = ModuleCache.open(folder, 2 * size + size / 2);
    small.module(engine, wasm(3)).close();

    assertThat(files()).hasSize(2).contains(one).doesNotContain(two);
  }

  @Test
  void modulesInUseOutliveTheirFiles() throws IOException {
    load(engine, 1);
    final Path file = onlyFile();
    try (Module first = cache().module(engine, wasm(1));
        Store store = Store.create(engine)) {
      final Instance instance = Instance.create(store, first);
      ModuleCache small = ModuleCache.open(folder, Files.size(file) + 10);
      for (int n = 2; n < 20; n++) {
        small.module(engine, wasm(n)).close();
        assertThat(files()).hasSize(1);
      }
      assertThat(file).doesNotExist();
      assertThat(instance.func("f").call()).isEqualTo(1);
      assertThat(instance.func("data").call()).isEqualTo(0x6174_6164);
      assertThat(Instance.create(store, first).func("f").call()).isEqualTo(1);
    }
  }

  @Test
  void doesNotKeepWhatIsLargerThanAllOfIt() throws IOException {
    ModuleCache tiny = ModuleCache.open(folder, 100);
    assertThat(result(tiny, engine, 7)).isEqualTo(7);
    assertThat(files()).isEmpty();
  }

  @Test
  void usesWhatALargerOneOfTheSameFolderHasKept() throws IOException {
    load(engine, 7);
    try (Module module = ModuleCache.open(folder, 100).module(engine, wasm(7))) {
      assertThat(module.imageRange().start()).isEqualTo(mapping(onlyFile()));
    }
  }

  @Test
  void tidiesUpAfterDeadProcesses() throws IOException {
    load(engine, 1);
    Path dead = Files.createFile(folder.resolve("module123.part"));
    Path alive = Files.createFile(folder.resolve("module456.part"));
    Path another = Files.createFile(folder.resolve("another.txt"));
    Files.setLastModifiedTime(
        dead, FileTime.from(Instant.now().minus(Duration.ofHours(1)).minusSeconds(1)));
    Files.setLastModifiedTime(another, LONG_AGO);
    loadUntilGone(dead);
    assertThat(alive).exists();
    assertThat(another).exists();
  }

  // The folder is listed now and then.
  private void loadUntilGone(Path file) {
    for (int n = 100; Files.exists(file); n++) {
      assertThat(n).isLessThan(200);
      load(engine, n);
    }
  }

  @Test
  void isNotListedForEachFileAndYetFindsWhatItDidNotWrite() throws IOException {
    load(engine, 1);
    long size = Files.size(onlyFile());
    Path foreign = Files.write(folder.resolve("foreign.cwasm"), new byte[(int) (60 * size)]);
    Files.setLastModifiedTime(foreign, LONG_AGO);
    ModuleCache small = ModuleCache.open(folder, 40 * size);
    for (int n = 2; n < 20; n++) {
      assertThat(result(small, engine, n)).isEqualTo(n);
      assertThat(foreign).exists();
    }
    for (int n = 20; n < 50; n++) {
      assertThat(result(small, engine, n)).isEqualTo(n);
    }
    assertThat(foreign).doesNotExist();
    assertThat(files()).hasSizeBetween(35, 40);
  }

  @Test
  void neverIsLargerThanItMayBeWhateverStandsInItsFile() throws IOException {
    load(engine, 1);
    long size = Files.size(onlyFile());
    Path sizes = folder.resolve(CacheSize.FILE);
    List<byte[]> contents =
        List.of(
            new byte[0],
            new byte[8],
            new byte[17],
            new byte[64],
            longs(CacheSize.MAGIC, -1, 5),
            longs(CacheSize.MAGIC, 0, Long.MIN_VALUE),
            longs(CacheSize.MAGIC, Long.MAX_VALUE, Long.MAX_VALUE),
            longs(CacheSize.MAGIC, 0, 0, -size),
            longs(CacheSize.MAGIC, 0, 0, Long.MAX_VALUE, Long.MAX_VALUE));
    ModuleCache small = ModuleCache.open(folder, 5 * size);
    int n = 2;
    for (byte[] content : contents) {
      for (int i = 0; i < 7; i++) {
        assertThat(result(small, engine, n)).isEqualTo(n);
        assertThat(files()).hasSizeLessThanOrEqualTo(5);
        n++;
      }
      Files.write(sizes, content);
    }
    Files.delete(sizes);
    assertThat(result(small, engine, n)).isEqualTo(n);
    assertThat(files()).hasSizeLessThanOrEqualTo(5);
  }

  private static byte[] longs(long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES);
    LongStream.of(values).forEach(bytes::putLong);
    return bytes.array();
  }

  @Test
  void anInterruptedThreadCanUseIt() throws IOException {
    Thread.currentThread().interrupt();
    load(engine, 7);
    Object compiled = identity(onlyFile());
    load(engine, 7);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(identity(onlyFile())).isEqualTo(compiled);
  }

  @Test
  void manyThreadsAndProcessesFillItAtOnce() throws Exception {
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<ChildJvm.Result>> children = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        children.add(threads.submit(() -> ChildJvm.run(Filler.class, folder.toString())));
      }
      for (Future<ChildJvm.Result> child : children) {
        ChildJvm.Result result = child.get();
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.stderr()).as("warnings").isEmpty();
      }
    }
    // All that is left is complete.
    assertThat(files()).hasSize(Filler.MODULES);
    List<Object> before = identities();
    for (int n = 0; n < Filler.MODULES; n++) {
      load(engine, n);
    }
    assertThat(identities()).isEqualTo(before);
  }

  private List<Object> identities() throws IOException {
    List<Object> identities = new ArrayList<>();
    for (Path file : files()) {
      identities.add(identity(file));
    }
    return identities;
  }

  /** Threads that all want the same modules, in different orders. */
  static final class Filler {
    static final int MODULES = 30;

    public static void main(String[] args) throws Exception {
      ModuleCache cache = ModuleCache.open(Path.of(args[0]), PLENTY);
      try (Engine engine = Engine.create();
          ExecutorService threads = Executors.newFixedThreadPool(4)) {
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int step : List.of(1, 7, 11, 13)) {
          tasks.add(
              () -> {
                for (int i = 0; i < 2 * MODULES; i++) {
                  int n = i * step % MODULES;
                  assertThat(result(cache, engine, n)).isEqualTo(n);
                }
                return null;
              });
        }
        for (Future<Void> done : threads.invokeAll(tasks)) {
          done.get();
        }
      }
    }
  }

  @Test
  void oneProcessEvictsWhatTheOtherWantsToUse() throws Exception {
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<ChildJvm.Result>> children = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        children.add(threads.submit(() -> ChildJvm.run(Evictor.class, folder.toString())));
      }
      for (Future<ChildJvm.Result> child : children) {
        ChildJvm.Result result = child.get();
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.stderr()).as("warnings").isEmpty();
      }
    }
  }

  /** Uses modules of which the cache can hold but one. */
  static final class Evictor {
    public static void main(String[] args) {
      try (Engine engine = Engine.create()) {
        long size;
        try (Module module = Module.fromBytes(engine, wasm(0))) {
          size = module.serialize().length;
        }
        ModuleCache cache = ModuleCache.open(Path.of(args[0]), size + 100);
        for (int i = 0; i < 300; i++) {
          assertThat(result(cache, engine, i / 2 % 3)).isEqualTo(i / 2 % 3);
        }
      }
    }
  }

  @Test
  void theUsersOwnIsBesideTheNatives() {
    ChildJvm.Result result =
        ChildJvm.with("-Dwasmtimejvm.cache=" + folder).run(PrintsDefaultFolder.class);
    assertThat(result.stdout()).as(result.toString()).isEqualTo(folder.resolve("modules") + "\n");
  }

  static final class PrintsDefaultFolder {
    public static void main(String[] args) {
      System.out.println(ModuleCache.open().folder());
    }
  }

  @Test
  void anInvalidModuleIsRefusedAsWithoutIt() throws IOException {
    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(() -> cache().module(engine, new byte[] {1, 2, 3}));
    assertThat(files()).isEmpty();
  }

  @Test
  void aClosedEngineIsRefused() throws IOException {
    ModuleCache cache = cache();
    cache.module(engine, wasm(1)).close();
    engine.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> cache.module(engine, wasm(1)))
        .withMessage("the engine is closed");
    assertThatIllegalStateException().isThrownBy(() -> cache().module(engine, wasm(1)));
  }

  @Test
  void settingsAreChecked() throws IOException {
    for (long bytes : new long[] {0, -1, Long.MIN_VALUE}) {
      assertThatIllegalArgumentException().isThrownBy(() -> ModuleCache.open(folder, bytes));
    }
    assertThat(ModuleCache.open(Path.of("relative"), 1).folder()).isAbsolute();
    try (FileSystem zip =
        FileSystems.newFileSystem(temporary.resolve("a.zip"), Map.of("create", "true"))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ModuleCache.open(zip.getPath("/cache"), 1));
    }
  }

  private ModuleCache cache() {
    return ModuleCache.open(folder, PLENTY);
  }

  private void load(Engine engine, int n) {
    assertThat(result(cache(), engine, n)).isEqualTo(n);
  }

  private static Object result(ModuleCache cache, Engine engine, int n) {
    try (Module module = cache.module(engine, wasm(n));
        Store store = Store.create(engine)) {
      return Instance.create(store, module).func("f").call();
    }
  }

  private static byte[] wasm(int n) {
    return Module.wat2wasm(
        """
        (module
          (memory 1)
          (data (i32.const 0) "data")
          (func (export "f") (result i32) (i32.const %d))
          (func (export "data") (result i32) (i32.load (i32.const 0))))
        """
            .formatted(n));
  }

  private List<Path> files() throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> !file.endsWith(CacheSize.FILE)).sorted().toList();
    }
  }

  private Path onlyFile() throws IOException {
    assertThat(files()).hasSize(1);
    return files().getFirst();
  }

  private static Object identity(Path file) throws IOException {
    return Files.getAttribute(file, "unix:ino");
  }
}
