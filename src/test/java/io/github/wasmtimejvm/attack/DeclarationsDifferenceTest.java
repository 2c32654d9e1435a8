package io.github.wasmtimejvm.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.OptLevel;
import io.github.wasmtimejvm.WasmFeature;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What we read of a module's imports and exports is what the engine says of them. */
class DeclarationsDifferenceTest {
  private Engine engine;
  private DeclarationsDifference difference;

  @BeforeEach
  void open() {
    engine =
        Engine.builder()
            .feature(WasmFeature.COMPACT_IMPORTS, true)
            .feature(WasmFeature.CUSTOM_PAGE_SIZES, true)
            .optLevel(OptLevel.NONE)
            .build();
    difference = new DeclarationsDifference(engine);
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private static List<byte[]> originals(Random random, int generated) {
    List<byte[]> all = new ArrayList<>();
    Corpus.ALL.forEach(guest -> all.add(guest.binary()));
    for (int i = 0; i < generated; i++) {
      all.add(ModuleGenerator.generate(random, ModuleGenerator.Options.random(random)));
    }
    return all;
  }

  @Test
  void ofGeneratedModulesThereIsNone() {
    List<byte[]> modules = originals(new Random(1), 60);
    assertThat(modules).allSatisfy(wasm -> assertThat(difference.of(wasm)).isNull());
    assertThat(difference.modules()).isEqualTo(modules.size());
    assertThat(difference.items()).isGreaterThan(500);
  }

  @Test
  void ofChangedModulesThatTheEngineTakesThereIsNone() {
    Random random = new Random(2);
    List<byte[]> modules = originals(random, 20);
    Mutator mutator = new Mutator(random);
    for (int i = 0; i < 600; i++) {
      byte[] one = modules.get(random.nextInt(modules.size()));
      byte[] other = modules.get(random.nextInt(modules.size()));
      assertThat(difference.of(mutator.mutate(one, other))).isNull();
    }
    assertThat(difference.modules()).isGreaterThan(50);
  }

  private static final String INITIALIZERS =
      """
      (module
        (rec
          (type $s (sub (struct (field i32) (field v128) (field (ref null $a)))))
          (type $a (sub (array (mut (ref null $s))))))
        (rec)
        (type $t (sub $s (struct (field i32) (field v128) (field (ref null $a)) (field f64))))
        (type $bytes (array i8))
        (type $f (func (param (ref $t) i31ref exnref) (result (ref null $bytes))))
        (import "" "offset" (global $offset i64))
        (import "" "odd" (memory i64 0 0xffff_ffff_ffff_ffff (pagesize 1)))
        (import "" "wide" (table i64 0 0x1_0000_0000 (ref null $s)))
        (import "" "nonull" (global (ref $a)))
        (import "" "e" (tag (param (ref null $f) v128)))
        (table $first i64 3 (ref null $bytes)
          (array.new_fixed $bytes 2 (i32.const 11) (i32.const 0xfb)))
        (table $second 1 2 (ref null $t) (struct.new_default $t))
        (global $third i64
          (i64.add (global.get $offset) (i64.mul (i64.const -1) (i64.const 0x0b0b0b))))
        (global $fourth (ref $s)
          (struct.new $s (i32.const 0x0b) (v128.const i64x2 0x0b0b 0x0b0b)
            (array.new_default $a (i32.const 0x40))))
        (global $fifth (mut externref)
          (extern.convert_any (ref.i31 (i32.sub (i32.const 1) (i32.const 2)))))
        (global $sixth f32 (f32.const 0x1.161616p0))
        (global $seventh f64 (f64.const 0x1.b0b0b0b0bp0))
        (global $eighth (ref func) (ref.func $own))
        (global $ninth (ref null $bytes) (array.new $bytes (i32.const 1) (i32.const 2)))
        (func $own (param i32))
        (export "first" (table $first)) (export "second" (table $second))
        (export "third" (global $third)) (export "fourth" (global $fourth))
        (export "fifth" (global $fifth)) (export "sixth" (global $sixth))
        (export "seventh" (global $seventh)) (export "eighth" (global $eighth))
        (export "ninth" (global $ninth)) (export "own" (func $own)) (export "e" (tag 0))
        (export "wide" (table 0)) (export "odd" (memory 0)))
      """;

  @Test
  void everyConstantInstructionIsPassedOver() {
    assertThat(difference.of(Module.wat2wasm(INITIALIZERS))).isNull();
    assertThat(difference.items()).isEqualTo(18);
  }

  @Test
  void numbersLongerThanNeededAreRead() {
    WasmBytes types = new WasmBytes().put(0x83, 0x80, 0x80, 0x80, 0);
    types.put(0x50, 0x80, 0, 0x5f, 0x81, 0x80, 0, 0x78, 1); // a struct
    types.put(0x60, 0x82, 0x80, 0, 0x7f, 0x63, 0x80, 0x80, 0x80, 0, 0x80, 0); // takes one
    types.put(0x4e, 0x80, 0x80, 0); // a group without members
    WasmBytes imports = new WasmBytes().put(0x81, 0x80, 0);
    imports.put(0x81, 0, 'a', 0x81, 0x80, 0, 'b', 0, 0x81, 0x80, 0x80, 0x80, 0);
    WasmBytes tables = new WasmBytes().put(0x81, 0, 0x40, 0, 0x63, 0x80, 0x80, 0);
    tables.put(0x01, 0x81, 0x80, 0, 0x83, 0x80, 0, 0xd0, 0x80, 0x80, 0x80, 0, 0x0b);
    WasmBytes globals = new WasmBytes().put(0x81, 0, 0x7f, 0, 0x41, 0xff, 0xff, 0xff, 0xff, 0x7f);
    globals.put(0x41, 0x80, 0x80, 0x80, 0x80, 0, 0x6a, 0x0b);
    WasmBytes exports = new WasmBytes().put(0x83, 0, 0x81, 0, 't', 1, 0x80, 0x80, 0);
    exports.put(1, 'g', 3, 0x80, 0x80, 0x80, 0x80, 0, 1, 'f', 0, 0x80, 0);
    WasmBytes module = new WasmBytes().put(0, 'a', 's', 'm', 1, 0, 0, 0);
    module.put(1).sized(types.toArray()).put(2).sized(imports.toArray());
    module.put(4).sized(tables.toArray()).put(6).sized(globals.toArray());
    module.put(7).sized(exports.toArray());

    assertThat(difference.of(module.toArray())).isNull();
    assertThat(difference.items()).isEqualTo(4);
  }
}
