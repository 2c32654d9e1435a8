package io.github.wasmtimejvm.attack;

import static io.github.wasmtimejvm.attack.Opcodes.I32;

import io.github.wasmtimejvm.attack.ModuleGenerator.Slots;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * What the writers of each kind of instructions share: the function they write into, and the choice
 * of operands. A method that returns false has written nothing, and another one has to.
 */
abstract class InstructionWriter {
  static final int[] NOTHING = {};

  final ModuleGenerator module;
  final Random random;
  final WasmBytes out;
  final List<Integer> locals;

  /** What a branch to each label takes, the innermost last. */
  final List<int[]> labels;

  private final BodyGenerator body;

  InstructionWriter(BodyGenerator body) {
    this.body = body;
    this.module = body.module;
    this.random = module.random;
    this.out = body.out;
    this.locals = body.locals;
    this.labels = body.labels;
  }

  boolean oneIn(int n) {
    return module.oneIn(n);
  }

  <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** Any of the numbers below {@code count} that are suitable, or -1. */
  int any(int count, IntPredicate suitable) {
    int[] all = IntStream.range(0, count).filter(suitable).toArray();
    return all.length == 0 ? -1 : all[random.nextInt(all.length)];
  }

  void value(int type) {
    body.value(type);
  }

  void values(int... types) {
    body.values(types);
  }

  void statements(int most) {
    body.statements(most);
  }

  /** Writes a number that is mostly no larger than a mask. */
  void small(int type, int mask) {
    value(type);
    if (random.nextInt(30) > 0) {
      out.put(type == I32 ? 0x41 : 0x42).signed(mask).put(type == I32 ? 0x71 : 0x83);
    }
  }

  /** Writes an index that is mostly inside of a table. */
  void tableIndex(Slots table) {
    small(I32, oneIn(10) ? 0xffff : Integer.highestOneBit(Math.max(1, table.size())) - 1);
  }

  void drop(int count) {
    for (int i = 0; i < count; i++) {
      out.put(0x1a);
    }
  }
}
