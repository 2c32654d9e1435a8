package io.github.wasmtimejvm.attack;

import static io.github.wasmtimejvm.attack.Opcodes.EXNREF;
import static io.github.wasmtimejvm.attack.Opcodes.FUNCREF;
import static io.github.wasmtimejvm.attack.Opcodes.I32;

import io.github.wasmtimejvm.attack.ModuleGenerator.Function;
import io.github.wasmtimejvm.attack.ModuleGenerator.Signature;
import java.util.Arrays;

/** Writes blocks, branches, calls, and what throws and catches exceptions. */
final class ControlInstructions extends InstructionWriter {
  private final int[] results;

  /**
   * @param results of the function
   */
  ControlInstructions(BodyGenerator body, int[] results) {
    super(body);
    this.results = results;
  }

  /** Traps where a bounded module has run for long enough. */
  void countDown() {
    if (module.counter >= 0) {
      out.put(0x23).unsigned(module.counter).put(0x45, 0x04, 0x40, 0x00, 0x0b);
      out.put(0x23).unsigned(module.counter).put(0x41, 1, 0x6b, 0x24).unsigned(module.counter);
    }
  }

  /** Begins a block, or a loop, that takes and leaves nothing. */
  void begin(int code) {
    out.put(code, 0x40);
    labels.add(NOTHING);
  }

  void end() {
    out.put(0x0b);
    labels.removeLast();
  }

  boolean block(int type) {
    boolean loop = oneIn(3);
    ModuleGenerator.type(out.put(loop ? 0x03 : 0x02), type, false);
    labels.add(loop ? NOTHING : new int[] {type});
    if (loop) {
      countDown();
    }
    statements(3);
    value(type);
    end();
    return true;
  }

  /** A block with parameters and results. */
  void typedBlock() {
    Signature type = module.anySignature();
    values(type.params());
    boolean loop = oneIn(4);
    out.put(loop ? 0x03 : 0x02).signed(type.index());
    labels.add(loop ? type.params() : type.results());
    drop(type.params().length);
    if (loop) {
      countDown();
    }
    statements(2);
    values(type.results());
    end();
    drop(type.results().length);
  }

  void loop() {
    begin(0x03);
    countDown();
    statements(4);
    value(I32);
    out.put(0x0d, 0);
    end();
  }

  boolean ifElse(int type) {
    value(I32);
    ModuleGenerator.type(out.put(0x04), type, false);
    labels.add(new int[] {type});
    statements(2);
    value(type);
    out.put(0x05);
    statements(2);
    value(type);
    end();
    return true;
  }

  void ifElse() {
    value(I32);
    begin(0x04);
    statements(3);
    if (oneIn(6)) {
      leave();
    }
    if (oneIn(2)) {
      out.put(0x05);
      statements(3);
    }
    end();
  }

  boolean select(int type) {
    values(type, type, I32);
    if (Opcodes.isNumber(type) && oneIn(2)) {
      out.put(0x1b);
    } else {
      ModuleGenerator.type(out.put(0x1c, 1), type, false);
    }
    return true;
  }

  /** Leaves the value where the branch is not taken. */
  boolean branchIf(int type) {
    int label = label(new int[] {type});
    if (label >= 0) {
      values(type, I32);
      out.put(0x0d).unsigned(label);
    }
    return label >= 0;
  }

  void branchIf() {
    int label = label(NOTHING);
    if (label >= 0) {
      value(I32);
      out.put(0x0d).unsigned(label);
    }
  }

  void branchTable() {
    begin(0x02);
    statements(2);
    value(I32);
    int count = random.nextInt(5);
    out.put(0x0e).unsigned(count);
    for (int i = 0; i <= count; i++) {
      out.unsigned(label(NOTHING));
    }
    end();
  }

  private int label(int[] types) {
    int found = any(labels.size(), i -> Arrays.equals(labels.get(i), types));
    return found < 0 ? -1 : labels.size() - 1 - found;
  }

  /** Branches, returns or traps: what follows is not reached, and anything can follow. */
  boolean leave() {
    switch (random.nextInt(3)) {
      case 0 -> {
        int label = random.nextInt(labels.size());
        values(labels.get(labels.size() - 1 - label));
        out.put(0x0c).unsigned(label);
      }
      case 1 -> {
        values(results);
        out.put(0x0f);
      }
      default -> out.put(0x00);
    }
    return true;
  }

  /** Calls a function and keeps one of its results. */
  boolean call(int type) {
    int function =
        any(module.functions.size(), i -> has(module.functions.get(i).signature().results(), type));
    if (function < 0) {
      return false;
    }
    Signature called = module.functions.get(function).signature();
    call(function, called);
    int at = called.results().length - 1;
    for (; called.results()[at] != type; at--) {
      drop(1);
    }
    if (at > 0) {
      int kept = locals.indexOf(type);
      if (kept < 0) {
        out.put(0x00); // there is no place to keep it
      } else {
        out.put(0x21).unsigned(kept);
        drop(at);
        out.put(0x20).unsigned(kept);
      }
    }
    return true;
  }

  private static boolean has(int[] types, int type) {
    return Arrays.stream(types).anyMatch(t -> t == type);
  }

  void callAndDrop() {
    int function = random.nextInt(module.functions.size());
    Signature called = module.functions.get(function).signature();
    call(function, called);
    drop(called.results().length);
  }

  private void call(int function, Signature called) {
    values(called.params());
    int kind = random.nextInt(6);
    if (kind == 0) {
      tableIndex(module.tables.getFirst());
      out.put(0x11).unsigned(called.index()).put(0);
    } else if (kind == 1 && module.options.latest()) {
      out.put(0xd2).unsigned(function).put(0x14).unsigned(called.index());
    } else if (kind == 2 && module.options.latest()) {
      value(FUNCREF);
      out.put(0xfb, 23).signed(called.index()).put(0x14).unsigned(called.index());
    } else {
      out.put(0x10).unsigned(function);
    }
  }

  void tailCall() {
    int function =
        any(
            module.functions.size(),
            i -> Arrays.equals(module.functions.get(i).signature().results(), results));
    if (function < 0) {
      return;
    }
    Function called = module.functions.get(function);
    begin(0x02);
    branchIf();
    values(called.signature().params());
    if (oneIn(2)) {
      out.put(0x12).unsigned(function);
    } else {
      tableIndex(module.tables.getFirst());
      out.put(0x13).unsigned(called.signature().index()).put(0);
    }
    end();
  }

  /** A block that catches one kind of exception, or all. */
  void tryTable() {
    boolean all = module.tags.isEmpty() || oneIn(3);
    int tag = all ? 0 : random.nextInt(module.tags.size());
    int[] payload = all ? NOTHING : module.tags.get(tag).params();
    if (all) {
      out.put(0x02, 0x40);
    } else {
      out.put(0x02).signed(module.tags.get(tag).index() + 1);
    }
    labels.add(payload);
    out.put(0x1f, 0x40, 1);
    if (all) {
      out.put(2, 0);
    } else {
      out.put(0).unsigned(tag).put(0);
    }
    labels.add(NOTHING);
    statements(3);
    if (oneIn(2)) {
      throwAny();
    }
    end();
    values(payload);
    end();
    drop(payload.length);
  }

  /** An exception that was caught, or none: then it is null. */
  void caughtException() {
    out.put(0x02, EXNREF);
    labels.add(new int[] {EXNREF});
    out.put(0x1f, 0x40, 1, 3, 0);
    labels.add(NOTHING);
    statements(2);
    end();
    module.constant(out, EXNREF);
    end();
  }

  /** Throws an exception of any tag, or one that was caught. */
  void throwAny() {
    begin(0x02);
    branchIf();
    if (module.tags.isEmpty() || oneIn(4)) {
      value(EXNREF);
      out.put(0x0a);
    } else {
      int tag = random.nextInt(module.tags.size());
      values(module.tags.get(tag).params());
      out.put(0x08).unsigned(tag);
    }
    end();
  }
}
