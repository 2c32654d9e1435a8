package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.wasmtimejvm.testing.EngineFixture;
import io.github.wasmtimejvm.testing.Guests;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every kind of item for every kind of import: the engine says what fits, we say what does not. */
class UnlinkableTest {
  private static final String TYPES =
      """
      (type $s (sub (struct (field i32))))
      (type $s2 (sub $s (struct (field i32 i64))))
      (type $sf (struct (field i32)))
      (type $a (array (mut i8)))
      (type $ff (func))
      (type $f (sub (func)))
      (type $f2 (sub $f (func)))
      (type $g (sub (func (param (ref null $s2)) (result (ref null $s)))))
      (type $g2 (sub $g (func (param (ref null $s)) (result (ref null $s2)))))
      (rec (type $r1 (struct (field (ref null $r2)))) (type $r2 (struct (field i32))))
      (type $ei (func (param i32)))
      (type $e (sub (func (param i32))))
      """;

  /** What exists; a guest defines it. */
  private static final List<String> ITEMS =
      List.of(
          "func (type $ff)",
          "func (type $f)",
          "func (type $f2)",
          "func (type $g) unreachable",
          "func (type $g2) unreachable",
          "func (param i32)",
          "func (param i32) (result i64) unreachable",
          "func (param funcref externref v128)",
          "func (result (ref func)) unreachable",
          "global i32 (i32.const 1)",
          "global (mut i32) (i32.const 1)",
          "global f64 (f64.const 1)",
          "global v128 (v128.const i64x2 1 2)",
          "global funcref (ref.null func)",
          "global (mut funcref) (ref.null func)",
          "global (ref func) (ref.func $known)",
          "global (ref $ff) (ref.func $known)",
          "global (ref null $f) (ref.null nofunc)",
          "global (ref null $f2) (ref.null nofunc)",
          "global (ref null $g2) (ref.null nofunc)",
          "global (mut (ref null $f2)) (ref.null nofunc)",
          "global nullfuncref (ref.null nofunc)",
          "global externref (ref.null extern)",
          "global (ref extern) (extern.convert_any (ref.i31 (i32.const 1)))",
          "global nullexternref (ref.null noextern)",
          "global anyref (ref.null any)",
          "global eqref (ref.null eq)",
          "global (ref i31) (ref.i31 (i32.const 1))",
          "global structref (ref.null struct)",
          "global arrayref (ref.null array)",
          "global nullref (ref.null none)",
          "global (ref null $s) (ref.null none)",
          "global (mut (ref null $s)) (ref.null none)",
          "global (ref $s) (struct.new_default $s)",
          "global (ref $s2) (struct.new_default $s2)",
          "global (ref null $sf) (ref.null none)",
          "global (ref null $a) (ref.null none)",
          "global (ref $r1) (struct.new_default $r1)",
          "global (ref null $r2) (ref.null none)",
          "global exnref (ref.null exn)",
          "global nullexnref (ref.null noexn)",
          "table 1 funcref",
          "table 2 5 funcref",
          "table i64 1 funcref",
          "table i64 2 5 funcref",
          "table 1 4294967295 funcref",
          "table 1 (ref func) (ref.func $known)",
          "table i64 1 (ref func) (ref.func $known)",
          "table 1 externref",
          "table 1 nullref",
          "table i64 1 anyref",
          "table 1 (ref null $s)",
          "table i64 1 (ref null $s)",
          "table 1 (ref null $s2)",
          "memory 1",
          "memory 2 5",
          "memory i64 1",
          "memory i64 2 5",
          "memory 1 5 shared",
          "memory 1 (pagesize 1)",
          "tag (param i32)",
          "tag (type $e)",
          "tag (param (ref null $s))",
          "tag");

  /** What modules need. */
  private static final List<String> NEEDS =
      List.of(
          "func (type $ff)",
          "func (type $f)",
          "func (type $f2)",
          "func (type $g)",
          "func (type $g2)",
          "func (param i32)",
          "func (param i32) (result i64)",
          "func (param externref externref v128)",
          "func (param funcref externref v128)",
          "func (result (ref func))",
          "func (result funcref)",
          "global i32",
          "global (mut i32)",
          "global i64",
          "global v128",
          "global funcref",
          "global (mut funcref)",
          "global (ref func)",
          "global (ref $ff)",
          "global (ref null $f)",
          "global (ref $f2)",
          "global (ref null $g)",
          "global (mut (ref null $f2))",
          "global (mut (ref null $f))",
          "global nullfuncref",
          "global externref",
          "global (ref extern)",
          "global nullexternref",
          "global anyref",
          "global (ref any)",
          "global (ref eq)",
          "global i31ref",
          "global structref",
          "global (ref null array)",
          "global nullref",
          "global (ref null $s)",
          "global (mut (ref null $s))",
          "global (ref $s)",
          "global (ref null $s2)",
          "global (ref $sf)",
          "global (ref null $a)",
          "global (ref null $r1)",
          "global (ref null $r2)",
          "global exnref",
          "global nullexnref",
          "table 1 funcref",
          "table 2 funcref",
          "table 1 6 funcref",
          "table 2 4 funcref",
          "table i64 1 funcref",
          "table i64 2 6 funcref",
          "table 1 4294967295 funcref",
          "table i64 1 4294967295 funcref",
          "table 1 (ref func)",
          "table i64 1 (ref func)",
          "table 1 externref",
          "table 0 nullref",
          "table 1 anyref",
          "table i64 1 anyref",
          "table 1 (ref null $s)",
          "table i64 1 (ref null $s)",
          "table 1 (ref $s)",
          "memory 1",
          "memory 2",
          "memory 1 6",
          "memory 2 4",
          "memory i64 1",
          "memory i64 2 6",
          "memory 1 6 shared",
          "memory 1 (pagesize 1)",
          "tag (param i32)",
          "tag (type $e)",
          "tag (param (ref null $s))",
          "tag (param (ref null $s2))",
          "tag");

  @RegisterExtension
  private static final EngineFixture fixture =
      EngineFixture.of(
          Engine.builder().sharedMemory(true).feature(WasmFeature.CUSTOM_PAGE_SIZES, true));

  private final Engine engine = fixture.engine();
  private final Store store = fixture.newStore();
  private final Linker linker = fixture.newLinker();

  private void defineTheItems() {
    linker.defineInstance("guest", Guests.instantiate(store, guest()));
  }

  @Test
  void everyImportThatDoesNotFitIsListedAndNoOther() {
    defineTheItems();
    int misfits = 0;
    List<String> leftOut = new ArrayList<>();
    for (String need : NEEDS) {
      Set<String> wrong = whatTheEngineRefuses(need);
      misfits += wrong.size();
      Set<String> listed = whatWeList(need);
      for (String item : wrong) {
        if (!listed.contains(item)) {
          leftOut.add(item + " for " + need);
        }
      }
      listed.removeAll(wrong);
      assertThat(listed).as("fits " + need).isEmpty();
    }
    assertThat(misfits).isGreaterThan(4000).isLessThan(ITEMS.size() * NEEDS.size() - 100);
    assertThat(leftOut)
        .as("what the C API does not tell")
        .containsExactly(
            "table i64 1 (ref null $s) for table 1 (ref null $s)",
            "table 1 (ref null $s) for table i64 1 (ref null $s)");
  }

  @Test
  void aTableOfConcreteElementsIsListedWhereNothingElseIsWrong() {
    defineTheItems();
    String fits = needs("func (type $f2)", "func (type $f)");
    String wrong = needs("table i64 1 (ref null $s)", "table 1 (ref null $s)");

    LinkException e = refusal(TYPES + fits + wrong);

    assertThat(e.unsatisfied())
        .extracting(ImportType::name)
        .containsExactly("table i64 1 (ref null $s)");
    assertThat(e).hasMessageContaining("the linker has one of another type");
  }

  @Test
  void whatLooksTheSameIsToldApart() {
    linker.define("host", "f", FuncType.of(), (caller, args) -> null);

    LinkException e = refusal("(type $f (sub (func))) (import \"host\" \"f\" (func (type $f)))");

    assertThat(e).hasMessageContaining("host.f: needs () -> (), the linker has another () -> ()");
  }

  @Test
  void moreImportsThanTheEngineIsAskedAboutAreLeftOut() {
    defineTheItems();
    String asked = needs("global (ref $s2) (struct.new_default $s2)", "global (ref null $s)");
    String wrong = needs("global (ref null $sf) (ref.null none)", "global (ref null $s)");

    LinkException e =
        refusal(TYPES + wrong + asked.repeat(2_000) + wrong + needs("missing", "func"));

    assertThat(e.unsatisfied())
        .extracting(ImportType::name)
        .containsExactly("global (ref null $sf) (ref.null none)", "missing");
  }

  @Test
  void moreFunctionsThanTheEngineIsAskedAboutAreLeftOutUnlessTheyLookDifferent() {
    defineTheItems();
    String asked = needs("func (type $f2)", "func (type $f)");
    String wrong = needs("func (type $f)", "func (type $f2)");
    String different = needs("func (param i32)", "func");

    LinkException e =
        refusal(TYPES + wrong + asked.repeat(2_000) + wrong + different + needs("missing", "func"));

    assertThat(e.unsatisfied())
        .extracting(ImportType::name)
        .containsExactly("func (type $f)", "func (param i32)", "missing");
  }

  private LinkException refusal(String imports) {
    try (Module module = Module.fromWat(engine, "(module " + imports + ")")) {
      return catchThrowableOfType(LinkException.class, () -> linker.instantiatePre(module));
    }
  }

  private static String guest() {
    StringBuilder wat = new StringBuilder("(module ").append(TYPES);
    wat.append("(func $known) (elem declare func $known)\n");
    for (String item : ITEMS) {
      wat.append(
          "(%s (export \"%s\") %s)\n"
              .formatted(kind(item), item, item.substring(kind(item).length())));
    }
    return wat.append(")").toString();
  }

  private static String kind(String text) {
    return text.split(" ", 2)[0];
  }

  private Set<String> whatTheEngineRefuses(String need) {
    Set<String> wrong = new LinkedHashSet<>();
    Set<String> kinds = new HashSet<>();
    for (String item : ITEMS) {
      if (kinds.add(kind(item)) || kind(item).equals(kind(need))) {
        try (Module module = Module.fromWat(engine, "(module " + TYPES + needs(item, need) + ")")) {
          linker.instantiatePre(module).close();
        } catch (LinkException e) {
          wrong.add(item);
          assertThat(e.unsatisfied()).as(item + " for " + need).hasSize(1);
        }
      } else {
        wrong.add(item); // as one of its kind was
      }
    }
    return wrong;
  }

  // Beside one that is missing, so that nothing follows from being the only one.
  private Set<String> whatWeList(String need) {
    StringBuilder wat = new StringBuilder("(module ").append(TYPES);
    ITEMS.forEach(item -> wat.append(needs(item, need)));
    wat.append("(import \"guest\" \"missing\" (func)))");
    try (Module module = Module.fromWat(engine, wat.toString())) {
      LinkException e =
          catchThrowableOfType(LinkException.class, () -> linker.instantiatePre(module));
      assertThat(e).hasMessageStartingWith("unsatisfied imports:");
      Set<String> listed = new LinkedHashSet<>();
      e.unsatisfied().forEach(each -> listed.add(each.name()));
      assertThat(listed.remove("missing")).isTrue();
      return listed;
    }
  }

  private static String needs(String item, String need) {
    return "(import \"guest\" \"%s\" (%s))\n".formatted(item, need);
  }
}
