package io.github.wasmtimejvm.binary;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which core instance defines a memory that others pass on. */
class CoreMemoriesTest {
  private static CoreMemory memory(byte[] bytes) {
    Component component = Component.read(bytes);
    ComponentFunction f = (ComponentFunction) component.exports().get("f").item();
    CoreItem memory = ((ComponentFunction.Lift) f.definition()).options().memory();
    return new CoreMemories(bytes).find(memory);
  }

  private static final String PASSED =
      """
      (core module $a (func (export "f")) (table 1 funcref) (global i32 (i32.const 1))
        (memory 1) (memory (export "x") i64 1))
      (core module $b
        (import "e" "t" (table 1 (ref null func))) (import "e" "g" (global externref))
        (import "e" "n" (memory 1)) (import "e" "y" (memory i64 1))
        (memory 1 1 shared) (export "own" (memory 2)) (export "z" (memory 1)))
      (core module $t (table (export "t") 1 funcref) (global (export "g") externref
        (ref.null extern)) (memory (export "n") 1))
      (core instance $j (instantiate $t))
      (core instance $i (instantiate $a))
      (core instance $e (export "t" (table $j "t")) (export "g" (global $j "g"))
        (export "n" (memory $j "n")) (export "y" (memory $i "x")))
      (core instance $k (instantiate $b (with "e" (instance $e))))
      (func (export "f") (canon lift (core func $i "f") (memory (core memory $k "NAME"))))
      """;

  @Test
  void aMemoryIsFollowedThroughImportsToItsOwner() {
    CoreMemory z = memory(ComponentText.bytes(PASSED.replace("NAME", "z")));
    assertThat(z.owner().number()).isEqualTo(1);
    assertThat(z.index()).isEqualTo(1);
    assertThat(z.wide()).isTrue();
    assertThat(z.shared()).isFalse();
  }

  @Test
  void theIndexCountsTheMemoriesThatTheOwnerDefines() {
    CoreMemory own = memory(ComponentText.bytes(PASSED.replace("NAME", "own")));
    assertThat(own.owner().number()).isEqualTo(2);
    assertThat(own.index()).isZero();
    assertThat(own.wide()).isFalse();
    assertThat(own.shared()).isTrue();
  }

  @Test
  void aComponentWithoutItsCodeHasTheSameOwners() {
    byte[] copy =
        Component.withoutCode(
            ComponentText.bytes(PASSED.replace("NAME", "z")), Component.Extension.NONE, "");
    assertThat(memory(copy)).extracting(CoreMemory::index).isEqualTo(1);
  }

  @Test
  void aMemoryThatIsNotThereHasNoOwner() {
    assertThat(memory(ComponentText.bytes(PASSED.replace("NAME", "f")))).isNull();
  }

  @Test
  void aMemoryOfAModuleFromOutsideHasNoOwner() {
    String imported =
        """
        (import "m" (core module $m (export "f" (func)) (export "x" (memory 1))))
        (core instance $i (instantiate $m))
        (func (export "f") (canon lift (core func $i "f") (memory (core memory $i "x"))))
        """;
    assertThat(memory(ComponentText.bytes(imported))).isNull();
  }

  @Test
  void aDamagedModuleIsReadOrHasNoMemories() {
    byte[] bytes = ComponentText.bytes(PASSED.replace("NAME", "z"));
    CoreModule.Bytes module = (CoreModule.Bytes) Component.read(bytes).coreModules().get(1);
    int without = 0;
    for (int i = module.from() + 8; i < module.to(); i++) {
      byte[] damaged = bytes.clone();
      damaged[i] = (byte) 0xff;
      if (memory(damaged) == null) {
        without++;
      }
    }
    assertThat(without).isGreaterThan(20);
  }

  @Test
  void aLongChainOfInstancesIsFollowed() {
    StringBuilder text = new StringBuilder();
    text.append("(core module $a (func (export \"f\")) (memory (export \"x\") 1))");
    text.append("(core module $b (import \"e\" \"x\" (memory 1)) (export \"x\" (memory 0)))");
    text.append("(core instance (instantiate $a))");
    for (int i = 0; i < 4_000; i++) {
      text.append("(core instance (instantiate $b (with \"e\" (instance " + i + "))))");
    }
    text.append("(func (export \"f\") (canon lift (core func 0 \"f\")");
    text.append("(memory (core memory 4000 \"x\"))))");
    assertThat(memory(ComponentText.bytes(text.toString())).owner().number()).isZero();
  }
}
