package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import io.github.wasmtimejvm.testing.EngineFixture;
import io.github.wasmtimejvm.testing.GuestBytes;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Declarations of small modules from which much could be made. */
class HostileDeclarationsTest {
  @RegisterExtension private static final EngineFixture fixture = EngineFixture.create();

  private final Engine engine = fixture.engine();

  private static long allocated(Runnable work) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    work.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  /** Its whole text would have 290 million characters, in a message that says what is missing. */
  @Test
  void aTypeOfLongTypesHasAShortText() {
    String wat =
        "(module (type $s (struct"
            + " (field (ref null $s))".repeat(10_000)
            + ")) (import \"m\" \"f\" (func (param"
            + " (ref null $s)".repeat(1000)
            + "))))";
    try (Module module = Module.fromWat(engine, wat);
        Linker linker = Linker.create(engine);
        Store store = Store.create(engine)) {
      assertThat(module.imports().getFirst().toString())
          .hasSizeLessThan(30_000)
          .contains("(concrete struct)) and 9", " more))", ", and 999 more) -> ()");
      LinkException missing =
          catchThrowableOfType(LinkException.class, () -> linker.instantiate(store, module));
      assertThat(missing.getMessage()).hasSizeLessThan(30_000).contains("m.f: needs ((ref null");
    }
  }

  /** As many types as are described, and then a long one that refers to another, many times. */
  private static String undescribed(int imports) {
    StringBuilder wat = new StringBuilder("(module");
    StringBuilder params = new StringBuilder();
    for (int i = 0; i < 1200; i++) {
      wat.append("(type $").append(i).append(" (struct))");
      params.append("(ref $").append(i).append(")");
      if (i == 999) {
        wat.append("(import \"\" \"\" (tag (param ").append(params).append(")))");
        params.setLength(0);
      }
    }
    wat.append("(type $f (func (param").append(" (ref $0)".repeat(800)).append(params);
    wat.append(")))").append("(import \"\" \"\" (tag (type $f)))".repeat(imports));
    return wat.append(")").toString();
  }

  @Test
  void aTypeThatIsNotDescribedIsReadOnce() {
    try (Module module = Module.fromWat(engine, undescribed(800))) {
      List<ImportType> imports = module.imports();
      for (ImportType needed : imports) {
        assertThatExceptionOfType(UnsupportedOperationException.class)
            .isThrownBy(needed::type)
            .withMessageContaining("are described at most");
      }
      long exceptions = allocated(() -> imports.forEach(_ -> fail(() -> null)));
      assertThat(allocated(() -> imports.forEach(needed -> fail(needed::type))))
          .isLessThan(exceptions + 2_500L * imports.size());
    }
  }

  private static void fail(Supplier<ExternType> type) {
    try {
      if (type.get() == null) {
        throw new UnsupportedOperationException("it has %s".formatted(1234));
      }
      throw new AssertionError("it was described");
    } catch (UnsupportedOperationException e) {
      // What it was before, and now costs no more than the exception.
    }
  }

  @Test
  void whatIsNotDescribedCanBeCompared() {
    try (Module module = Module.fromWat(engine, undescribed(2));
        Module same = Module.fromWat(engine, undescribed(2))) {
      assertThat(module.imports().getFirst()).asString().contains("are described at most");
      ImportType one = module.imports().get(1);
      ImportType two = module.imports().get(2);
      assertThat(one).isEqualTo(one).isNotEqualTo(two).isNotEqualTo(same.imports().getFirst());
      assertThat(module.imports()).contains(one, two);
      assertThatCode(() -> List.copyOf(same.imports()).indexOf(one)).doesNotThrowAnyException();
    }
  }

  @Test
  void ofAClosedModuleItemsCanBeCompared() {
    String wat = "(module (type $s (struct)) (global (export \"g\") (ref null $s) (ref.null $s)))";
    ExportType closed;
    try (Module module = Module.fromWat(engine, wat)) {
      closed = module.exports().getFirst();
    }
    try (Module module = Module.fromWat(engine, wat)) {
      assertThat(closed).isNotEqualTo(module.exports().getFirst()).isEqualTo(closed);
      assertThat(module.exports().getFirst()).isNotEqualTo(closed);
    }
  }

  @Test
  void limitsOfTablesAreUnsigned() {
    String wat = "(module (import \"\" \"t\" (table i64 0xffff_ffff_ffff_ffff funcref)))";
    try (Module module = Module.fromWat(engine, wat)) {
      TableType type = (TableType) module.imports().getFirst().type();
      assertThat(type.minimum()).isEqualTo(-1);
      assertThat(type).hasToString("(table 18446744073709551615 (ref null func))");
    }
  }

  @Test
  void nothingIsMadeOfEachCustomSection() {
    byte[] wasm =
        GuestBytes.ALL.stream()
            .filter(family -> family.name().equals("name sections"))
            .findFirst()
            .orElseThrow()
            .make()
            .apply(400_000);
    Runnable compile = () -> Module.fromBytes(engine, wasm).close();
    compile.run();
    assertThat(allocated(compile)).isLessThan(2L * wasm.length);
  }

  @Test
  void itemsOfOtherTypesAreNotTheSame() {
    ImportType none = new ImportType("m", "n", FuncType.of());
    assertThat(new ImportType("m", "n", FuncType.of())).isEqualTo(none);
    assertThat(new ImportType("m", "n", FuncType.of(ValType.I32))).isNotEqualTo(none);
  }
}
