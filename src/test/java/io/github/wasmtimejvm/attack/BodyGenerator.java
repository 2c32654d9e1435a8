package io.github.wasmtimejvm.attack;

import static io.github.wasmtimejvm.attack.Opcodes.ANYREF;
import static io.github.wasmtimejvm.attack.Opcodes.ARRAYREF;
import static io.github.wasmtimejvm.attack.Opcodes.CONCRETE;
import static io.github.wasmtimejvm.attack.Opcodes.EQREF;
import static io.github.wasmtimejvm.attack.Opcodes.EXNREF;
import static io.github.wasmtimejvm.attack.Opcodes.EXTERNREF;
import static io.github.wasmtimejvm.attack.Opcodes.FUNCREF;
import static io.github.wasmtimejvm.attack.Opcodes.I31REF;
import static io.github.wasmtimejvm.attack.Opcodes.I32;
import static io.github.wasmtimejvm.attack.Opcodes.I64;
import static io.github.wasmtimejvm.attack.Opcodes.STRUCTREF;
import static io.github.wasmtimejvm.attack.Opcodes.V128;

import io.github.wasmtimejvm.attack.ModuleGenerator.Aggregate;
import io.github.wasmtimejvm.attack.ModuleGenerator.Function;
import io.github.wasmtimejvm.attack.ModuleGenerator.Signature;
import io.github.wasmtimejvm.attack.ModuleGenerator.Slots;
import io.github.wasmtimejvm.attack.ModuleGenerator.Space;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Writes the body of one function: expressions that leave a value, statements that leave none. */
final class BodyGenerator {
  private static final int[] NOTHING = {};
  private static final int DEEPEST = 8;
  private static final int MANY = 5000;

  private final ModuleGenerator module;
  private final Random random;
  private final Signature signature;
  private final WasmBytes out = new WasmBytes();
  private final List<Integer> locals = new ArrayList<>();

  /** What a branch to each label takes, the innermost last. */
  private final List<int[]> labels = new ArrayList<>();

  private int left; // of what may still be written
  private int depth;

  BodyGenerator(ModuleGenerator module, Signature signature) {
    this.module = module;
    this.random = module.random;
    this.signature = signature;
    this.left = 20 + random.nextInt(150);
  }

  /** Returns the function as the code section has it. */
  byte[] body() {
    for (int type : signature.params()) {
      locals.add(type);
    }
    WasmBytes all = new WasmBytes();
    int own = 1 + random.nextInt(8);
    boolean many = oneIn(100);
    all.unsigned(many ? own + 1 : own);
    for (int i = 0; i < own; i++) {
      int type = module.anyType();
      ModuleGenerator.type(all.unsigned(1), type, false);
      locals.add(type);
    }
    if (many) {
      ModuleGenerator.type(all.unsigned(random.nextInt(MANY)), module.anyType(), false);
    }
    labels.add(signature.results());
    countDown();
    int blocks = oneIn(100) ? random.nextInt(MANY) : 0;
    for (int i = 0; i < blocks; i++) {
      out.put(oneIn(2) ? 0x02 : 0x03, 0x40);
      labels.add(NOTHING);
    }
    statements(6);
    if (oneIn(100)) {
      longExpression();
    }
    for (int i = 0; i < blocks; i++) {
      end();
    }
    values(signature.results());
    out.put(0x0b);
    return new WasmBytes().sized(all.put(out.toArray()).toArray()).toArray();
  }

  // Deep in one way or the other: operands first, or one after the other.
  private void longExpression() {
    int count = 1 + random.nextInt(MANY);
    boolean first = oneIn(2);
    value(I64);
    for (int i = 0; first && i < count; i++) {
      simple(I64);
    }
    for (int i = 0; i < count; i++) {
      if (!first) {
        simple(I64);
      }
      out.put(0x7c + random.nextInt(3));
    }
    out.put(0x1a);
  }

  private void countDown() {
    if (module.counter >= 0) {
      out.put(0x23).unsigned(module.counter).put(0x45, 0x04, 0x40, 0x00, 0x0b);
      out.put(0x23).unsigned(module.counter).put(0x41, 1, 0x6b, 0x24).unsigned(module.counter);
    }
  }

  private boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** Any of the numbers below {@code count} that are suitable, or -1. */
  private int any(int count, IntPredicate suitable) {
    int[] all = IntStream.range(0, count).filter(suitable).toArray();
    return all.length == 0 ? -1 : all[random.nextInt(all.length)];
  }

  private void values(int... types) {
    for (int type : types) {
      value(type);
    }
  }

  /** Writes what leaves one value of a type. */
  private void value(int type) {
    left--;
    if (left < 0 || depth > DEEPEST) {
      simple(type);
      return;
    }
    depth++;
    boolean done =
        switch (random.nextInt(14)) {
          case 0 -> local(type);
          case 1 -> global(type);
          case 2 -> block(type);
          case 3 -> call(type);
          case 4 -> load(type);
          case 5 -> oneIn(2) ? choice(type) : tee(type);
          case 6 -> oneIn(2) ? branchWith(type) : ifElse(type);
          case 7 -> oneIn(8) && leave();
          default -> special(type);
        };
    if (!done) {
      simple(type);
    }
    depth--;
  }

  private void simple(int type) {
    if (oneIn(4) || !local(type)) {
      if (type == FUNCREF && oneIn(2)) {
        out.put(0xd2).unsigned(random.nextInt(module.functions.size()));
      } else {
        module.constant(out, type);
      }
    }
  }

  private boolean local(int type) {
    int local = any(locals.size(), i -> locals.get(i) == type);
    if (local >= 0) {
      out.put(0x20).unsigned(local);
    }
    return local >= 0;
  }

  private boolean tee(int type) {
    int local = any(locals.size(), i -> locals.get(i) == type);
    if (local >= 0) {
      value(type);
      out.put(0x22).unsigned(local);
    }
    return local >= 0;
  }

  private boolean global(int type) {
    int global = any(module.globals.size(), i -> module.globals.get(i).type() == type);
    if (global >= 0) {
      out.put(0x23).unsigned(global);
    }
    return global >= 0;
  }

  private boolean block(int type) {
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

  private void end() {
    out.put(0x0b);
    labels.removeLast();
  }

  private boolean ifElse(int type) {
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

  private boolean choice(int type) {
    values(type, type, I32);
    if (Opcodes.isNumber(type) && oneIn(2)) {
      out.put(0x1b);
    } else {
      ModuleGenerator.type(out.put(0x1c, 1), type, false);
    }
    return true;
  }

  // Leaves the value where the branch is not taken.
  private boolean branchWith(int type) {
    int label = label(new int[] {type});
    if (label >= 0) {
      values(type, I32);
      out.put(0x0d).unsigned(label);
    }
    return label >= 0;
  }

  private int label(int[] types) {
    int found = any(labels.size(), i -> Arrays.equals(labels.get(i), types));
    return found < 0 ? -1 : labels.size() - 1 - found;
  }

  // What follows is not reached, and anything can follow.
  private boolean leave() {
    switch (random.nextInt(3)) {
      case 0 -> {
        int label = random.nextInt(labels.size());
        values(labels.get(labels.size() - 1 - label));
        out.put(0x0c).unsigned(label);
      }
      case 1 -> {
        values(signature.results());
        out.put(0x0f);
      }
      default -> out.put(0x00);
    }
    return true;
  }

  private boolean call(int type) {
    int function =
        any(module.functions.size(), i -> has(module.functions.get(i).signature().results(), type));
    if (function < 0) {
      return false;
    }
    Signature called = module.functions.get(function).signature();
    call(function, called);
    int at = called.results().length - 1;
    for (; called.results()[at] != type; at--) {
      out.put(0x1a);
    }
    if (at > 0) {
      int kept = locals.indexOf(type);
      if (kept < 0) {
        out.put(0x00); // there is no place to keep it
      } else {
        out.put(0x21).unsigned(kept);
        for (; at > 0; at--) {
          out.put(0x1a);
        }
        out.put(0x20).unsigned(kept);
      }
    }
    return true;
  }

  private static boolean has(int[] types, int type) {
    return Arrays.stream(types).anyMatch(t -> t == type);
  }

  private void call(int function, Signature called) {
    values(called.params());
    int kind = random.nextInt(6);
    if (kind == 0) {
      index(module.tables.getFirst());
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

  private void index(Slots table) {
    small(I32, oneIn(10) ? 0xffff : Integer.highestOneBit(Math.max(1, table.size())) - 1);
  }

  // Mostly no larger than a mask.
  private void small(int type, int mask) {
    value(type);
    if (random.nextInt(30) > 0) {
      out.put(type == I32 ? 0x41 : 0x42).signed(mask).put(type == I32 ? 0x71 : 0x83);
    }
  }

  private boolean load(int type) {
    if (!Opcodes.isNumber(type) || module.memories.isEmpty()) {
      return false;
    }
    boolean atomic = module.options.atomics() && oneIn(3);
    List<Opcodes.Access> loads =
        (atomic ? Opcodes.ATOMIC_LOAD : Opcodes.LOAD)
            .stream().filter(load -> load.type() == type).toList();
    if (loads.isEmpty()) {
      return false;
    }
    int memory = random.nextInt(module.memories.size());
    address(memory);
    access(any(loads), memory, atomic);
    return true;
  }

  private void address(int memory) {
    Space space = module.memories.get(memory);
    small(space.is64() ? I64 : I32, oneIn(8) ? 0x3ffff : 0xfff);
  }

  private void access(Opcodes.Access access, int memory, boolean aligned) {
    int alignment = aligned ? access.alignment() : random.nextInt(access.alignment() + 1);
    out.put(access.code());
    if (memory == 0) {
      out.unsigned(alignment);
    } else {
      out.unsigned(alignment | 0x40).unsigned(memory);
    }
    out.unsigned(oneIn(20) ? random.nextInt() & 0xffff_ffffL : random.nextInt(64));
  }

  private boolean special(int type) {
    if (Opcodes.isNumber(type)) {
      return type == I32 && oneIn(3) ? question() : operator(type);
    }
    return reference(type);
  }

  private boolean operator(int type) {
    List<Opcodes.Operator> operators = Opcodes.operators(type);
    if (type == V128 && oneIn(10)) {
      operators = module.options.latest() ? Opcodes.RELAXED_OPERATORS : operators;
    } else if (type == I64 && oneIn(10)) {
      operators = module.options.latest() ? Opcodes.WIDE_OPERATORS : operators;
    }
    for (int tries = 0; tries < 10; tries++) {
      Opcodes.Operator operator = any(operators);
      if (Arrays.stream(operator.operands()).allMatch(this::isAllowed)) {
        values(operator.operands());
        out.put(operator.code());
        if (operator.lanes() > 0) {
          out.put(random.nextInt(operator.lanes()));
        }
        return true;
      }
    }
    return false;
  }

  private boolean isAllowed(int type) {
    return type == V128
        ? module.options.vectors()
        : module.options.floats() || !Opcodes.isFloat(type);
  }

  /** Something about a reference, a memory or a table that is a 32-bit number. */
  private boolean question() {
    switch (random.nextInt(7)) {
      case 0 -> {
        value(module.options.latest() ? reference() : oneIn(2) ? FUNCREF : EXTERNREF);
        out.put(0xd1);
      }
      case 1 -> {
        int memory = any(module.memories.size(), i -> !module.memories.get(i).is64());
        if (memory < 0) {
          return false;
        }
        if (oneIn(2)) {
          out.put(0x3f).unsigned(memory);
        } else {
          small(I32, 3);
          out.put(0x40).unsigned(memory);
        }
      }
      case 2 -> {
        int table = random.nextInt(module.tables.size());
        if (oneIn(2)) {
          value(module.tables.get(table).type());
          small(I32, 15);
          out.put(0xfc, 15).unsigned(table);
        } else {
          out.put(0xfc, 16).unsigned(table);
        }
      }
      default -> {
        if (!module.options.latest()) {
          return false;
        }
        return aboutObject();
      }
    }
    return true;
  }

  private int reference() {
    int type = module.anyType();
    return Opcodes.isNumber(type) ? EQREF : type;
  }

  private boolean aboutObject() {
    switch (random.nextInt(5)) {
      case 0 -> {
        values(EQREF, EQREF);
        out.put(0xd3);
      }
      case 1 -> {
        value(ANYREF);
        ModuleGenerator.type(out.put(0xfb, oneIn(2) ? 20 : 21), object(), true);
      }
      case 2 -> {
        value(I31REF);
        out.put(0xfb, oneIn(2) ? 29 : 30);
      }
      case 3 -> {
        value(ARRAYREF);
        out.put(0xfb, 15);
      }
      default -> {
        return get(I32);
      }
    }
    return true;
  }

  /** Any type of objects. */
  private int object() {
    return module.aggregates.isEmpty() || oneIn(2)
        ? any(List.of(EQREF, I31REF, STRUCTREF, ARRAYREF))
        : CONCRETE + any(module.aggregates).index();
  }

  /** Reads a field or an element. */
  private boolean get(int type) {
    List<Aggregate> suitable =
        module.aggregates.stream()
            .filter(a -> Arrays.stream(a.storage()).anyMatch(s -> unpacked(s) == type))
            .toList();
    if (suitable.isEmpty()) {
      return false;
    }
    Aggregate aggregate = any(suitable);
    int field = any(aggregate.storage().length, i -> unpacked(aggregate.storage()[i]) == type);
    boolean packed = aggregate.storage()[field] != type;
    value(CONCRETE + aggregate.index());
    int code = (aggregate.array() ? 11 : 2) + (packed ? 1 + random.nextInt(2) : 0);
    if (aggregate.array()) {
      small(I32, 7);
    }
    out.put(0xfb, code).unsigned(aggregate.index());
    if (!aggregate.array()) {
      out.unsigned(field);
    }
    return true;
  }

  private static int unpacked(int storage) {
    return storage == ModuleGenerator.I8 || storage == ModuleGenerator.I16 ? I32 : storage;
  }

  private boolean reference(int type) {
    if (module.options.latest() && oneIn(4) && get(type)) {
      return true;
    }
    int table = any(module.tables.size(), i -> module.tables.get(i).type() == type);
    if (table >= 0 && oneIn(2)) {
      index(module.tables.get(table));
      out.put(0x25).unsigned(table);
      return true;
    }
    if (!module.options.latest()) {
      return false;
    }
    switch (type) {
      case FUNCREF -> out.put(0xd2).unsigned(random.nextInt(module.functions.size()));
      case EXTERNREF -> {
        value(ANYREF);
        out.put(0xfb, 27);
      }
      case ANYREF -> {
        if (oneIn(4)) {
          value(EXTERNREF);
          out.put(0xfb, 26);
        } else {
          value(object());
        }
      }
      case EQREF -> value(object());
      case I31REF -> {
        value(I32);
        out.put(0xfb, 28);
      }
      case STRUCTREF, ARRAYREF -> {
        int index =
            any(
                module.aggregates.size(),
                i -> module.aggregates.get(i).array() == (type == ARRAYREF));
        if (index < 0 || oneIn(4)) {
          cast(type);
        } else {
          value(CONCRETE + module.aggregates.get(index).index());
        }
      }
      case EXNREF -> caught();
      default -> {
        if (oneIn(4)) {
          cast(type);
        } else {
          create(type);
        }
      }
    }
    return true;
  }

  private void cast(int type) {
    value(ANYREF);
    ModuleGenerator.type(out.put(0xfb, oneIn(8) ? 22 : 23), type, true);
  }

  private void create(int type) {
    Aggregate aggregate =
        module.aggregates.stream()
            .filter(a -> a.index() == type - CONCRETE)
            .findFirst()
            .orElseThrow();
    int[] fields = Arrays.stream(aggregate.storage()).map(BodyGenerator::unpacked).toArray();
    if (!aggregate.array()) {
      boolean defaults = oneIn(3);
      values(defaults ? NOTHING : fields);
      out.put(0xfb, defaults ? 1 : 0).unsigned(aggregate.index());
      return;
    }
    int segment = any(module.data.size(), _ -> true);
    switch (random.nextInt(4)) {
      case 0 -> {
        int count = random.nextInt(5);
        for (int i = 0; i < count; i++) {
          value(fields[0]);
        }
        out.put(0xfb, 8).unsigned(aggregate.index()).unsigned(count);
      }
      case 1 -> {
        value(fields[0]);
        small(I32, 15);
        out.put(0xfb, 6).unsigned(aggregate.index());
      }
      case 2 -> {
        if (segment >= 0 && Opcodes.isNumber(fields[0])) {
          small(I32, 7);
          small(I32, 3);
          out.put(0xfb, 9).unsigned(aggregate.index()).unsigned(segment);
        } else {
          small(I32, 0x3ff);
          out.put(0xfb, 7).unsigned(aggregate.index());
        }
      }
      default -> {
        small(I32, 15);
        out.put(0xfb, 7).unsigned(aggregate.index());
      }
    }
  }

  // An exception that was caught, or none: then it is null.
  private void caught() {
    out.put(0x02, EXNREF);
    labels.add(new int[] {EXNREF});
    out.put(0x1f, 0x40, 1, 3, 0);
    labels.add(NOTHING);
    statements(2);
    end();
    module.constant(out, EXNREF);
    end();
  }

  private void statements(int most) {
    for (int n = random.nextInt(most + 1); n > 0 && left > 0; n--) {
      statement();
    }
  }

  /** Writes what leaves no value. */
  private void statement() {
    left--;
    if (depth > DEEPEST) {
      return;
    }
    depth++;
    switch (random.nextInt(16)) {
      case 0, 1 -> set();
      case 2 -> setGlobal();
      case 3, 4 -> store();
      case 5 -> callAndDrop();
      case 6 -> {
        value(module.anyType());
        out.put(0x1a);
      }
      case 7 -> loop();
      case 8 -> condition();
      case 9 -> branch();
      case 10 -> branchTable();
      case 11 -> memoryBulk();
      case 12 -> tableBulk();
      case 13 -> typedBlock();
      default -> {
        if (module.options.latest()) {
          latest();
        } else {
          set();
        }
      }
    }
    depth--;
  }

  private void set() {
    int local = random.nextInt(locals.size());
    value(locals.get(local));
    out.put(0x21).unsigned(local);
  }

  private void setGlobal() {
    int global = any(module.globals.size(), i -> module.globals.get(i).mutable());
    if (global >= 0) {
      value(module.globals.get(global).type());
      out.put(0x24).unsigned(global);
    }
  }

  private void store() {
    if (module.memories.isEmpty()) {
      return;
    }
    Opcodes.Access access = any(Opcodes.STORE);
    if (!isAllowed(access.type())) {
      return;
    }
    int memory = random.nextInt(module.memories.size());
    address(memory);
    value(access.type());
    access(access, memory, false);
  }

  private void callAndDrop() {
    int function = random.nextInt(module.functions.size());
    Signature called = module.functions.get(function).signature();
    call(function, called);
    drop(called.results().length);
  }

  private void drop(int count) {
    for (int i = 0; i < count; i++) {
      out.put(0x1a);
    }
  }

  private void loop() {
    out.put(0x03, 0x40);
    labels.add(NOTHING);
    countDown();
    statements(4);
    value(I32);
    out.put(0x0d, 0);
    end();
  }

  private void condition() {
    value(I32);
    out.put(0x04, 0x40);
    labels.add(NOTHING);
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

  private void branch() {
    int label = label(NOTHING);
    if (label >= 0) {
      value(I32);
      out.put(0x0d).unsigned(label);
    }
  }

  private void branchTable() {
    out.put(0x02, 0x40);
    labels.add(NOTHING);
    statements(2);
    value(I32);
    int count = random.nextInt(5);
    out.put(0x0e).unsigned(count);
    for (int i = 0; i <= count; i++) {
      out.unsigned(label(NOTHING));
    }
    end();
  }

  /** A block with parameters and results. */
  private void typedBlock() {
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

  private void memoryBulk() {
    if (module.memories.isEmpty()) {
      return;
    }
    int memory = random.nextInt(module.memories.size());
    int other = random.nextInt(module.memories.size());
    boolean is64 = module.memories.get(memory).is64();
    switch (random.nextInt(4)) {
      case 0 -> {
        address(memory);
        address(other);
        small(is64 && module.memories.get(other).is64() ? I64 : I32, 0x7f);
        out.put(0xfc, 10).unsigned(memory).unsigned(other);
      }
      case 1 -> {
        address(memory);
        value(I32);
        small(is64 ? I64 : I32, 0x7f);
        out.put(0xfc, 11).unsigned(memory);
      }
      default -> {
        if (!module.data.isEmpty()) {
          int segment = random.nextInt(module.data.size());
          if (oneIn(4)) {
            out.put(0xfc, 9).unsigned(segment);
          } else {
            address(memory);
            small(I32, 7);
            small(I32, 7);
            out.put(0xfc, 8).unsigned(segment).unsigned(memory);
          }
        }
      }
    }
  }

  private void tableBulk() {
    int index = random.nextInt(module.tables.size());
    Slots table = module.tables.get(index);
    int segment = random.nextInt(module.elements.size());
    switch (random.nextInt(5)) {
      case 0 -> {
        index(table);
        value(table.type());
        out.put(0x26).unsigned(index);
      }
      case 1 -> {
        index(table);
        value(table.type());
        small(I32, 3);
        out.put(0xfc, 17).unsigned(index);
      }
      case 2 -> {
        int other = any(module.tables.size(), i -> module.tables.get(i).type() == table.type());
        index(table);
        index(module.tables.get(other));
        small(I32, 3);
        out.put(0xfc, 14).unsigned(index).unsigned(other);
      }
      case 3 -> out.put(0xfc, 13).unsigned(segment);
      default -> {
        if (table.type() == FUNCREF) {
          index(table);
          small(I32, 1);
          small(I32, 1);
          out.put(0xfc, 12).unsigned(segment).unsigned(index);
        }
      }
    }
  }

  private void latest() {
    switch (random.nextInt(5)) {
      case 0 -> setField();
      case 1 -> handler();
      case 2 -> {
        if (!module.tags.isEmpty() || oneIn(4)) {
          raise();
        }
      }
      case 3 -> tailCall();
      default -> arrayBulk();
    }
  }

  private void setField() {
    if (module.aggregates.isEmpty()) {
      return;
    }
    Aggregate aggregate = any(module.aggregates);
    int field = any(aggregate.storage().length, i -> aggregate.mutable()[i]);
    if (field < 0) {
      return;
    }
    value(CONCRETE + aggregate.index());
    if (aggregate.array()) {
      small(I32, 7);
    }
    value(unpacked(aggregate.storage()[field]));
    out.put(0xfb, aggregate.array() ? 14 : 5).unsigned(aggregate.index());
    if (!aggregate.array()) {
      out.unsigned(field);
    }
  }

  private void arrayBulk() {
    int index =
        any(
            module.aggregates.size(),
            i -> module.aggregates.get(i).array() && module.aggregates.get(i).mutable()[0]);
    if (index < 0) {
      return;
    }
    Aggregate array = module.aggregates.get(index);
    value(CONCRETE + array.index());
    small(I32, 7);
    if (oneIn(2)) {
      value(unpacked(array.storage()[0]));
      small(I32, 3);
      out.put(0xfb, 16).unsigned(array.index());
    } else {
      value(CONCRETE + array.index());
      small(I32, 7);
      small(I32, 3);
      out.put(0xfb, 17).unsigned(array.index()).unsigned(array.index());
    }
  }

  /** A block that catches one kind of exception, or all. */
  private void handler() {
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
      raise();
    }
    end();
    values(payload);
    end();
    drop(payload.length);
  }

  private void raise() {
    out.put(0x02, 0x40);
    labels.add(NOTHING);
    branch();
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

  private void tailCall() {
    int function =
        any(
            module.functions.size(),
            i -> Arrays.equals(module.functions.get(i).signature().results(), signature.results()));
    if (function < 0) {
      return;
    }
    Function called = module.functions.get(function);
    out.put(0x02, 0x40);
    labels.add(NOTHING);
    branch();
    values(called.signature().params());
    if (oneIn(2)) {
      out.put(0x12).unsigned(function);
    } else {
      index(module.tables.getFirst());
      out.put(0x13).unsigned(called.signature().index()).put(0);
    }
    end();
  }
}
