package io.github.wasmtimejvm.attack;

import static io.github.wasmtimejvm.attack.Opcodes.FUNCREF;
import static io.github.wasmtimejvm.attack.Opcodes.I32;
import static io.github.wasmtimejvm.attack.Opcodes.I64;

import io.github.wasmtimejvm.attack.ModuleGenerator.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Writes the body of one function: it chooses what comes next, an expression that leaves a value or
 * a statement that leaves none, and the {@link InstructionWriter} for it writes it.
 */
final class BodyGenerator {
  private static final int DEEPEST = 8;
  private static final int MANY = 5000;

  final ModuleGenerator module;
  final WasmBytes out = new WasmBytes();
  final List<Integer> locals = new ArrayList<>();
  final List<int[]> labels = new ArrayList<>();

  private final Random random;
  private final Signature signature;
  private final NumericInstructions numbers;
  private final VariableInstructions variables;
  private final MemoryInstructions memories;
  private final TableInstructions tables;
  private final AggregateInstructions aggregates;
  private final ControlInstructions control;
  private final ReferenceInstructions references;

  private int left; // of what may still be written
  private int depth;

  BodyGenerator(ModuleGenerator module, Signature signature) {
    this.module = module;
    this.random = module.random;
    this.signature = signature;
    this.left = 20 + random.nextInt(150);
    this.numbers = new NumericInstructions(this);
    this.variables = new VariableInstructions(this);
    this.memories = new MemoryInstructions(this);
    this.tables = new TableInstructions(this);
    this.aggregates = new AggregateInstructions(this);
    this.control = new ControlInstructions(this, signature.results());
    this.references = new ReferenceInstructions(this, control, tables, aggregates);
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
    control.countDown();
    int blocks = oneIn(100) ? random.nextInt(MANY) : 0;
    for (int i = 0; i < blocks; i++) {
      control.begin(oneIn(2) ? 0x02 : 0x03);
    }
    statements(6);
    if (oneIn(100)) {
      longExpression();
    }
    for (int i = 0; i < blocks; i++) {
      control.end();
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

  private boolean oneIn(int n) {
    return module.oneIn(n);
  }

  /** Writes what leaves one value of each type. */
  void values(int... types) {
    for (int type : types) {
      value(type);
    }
  }

  /** Writes what leaves one value of a type. */
  void value(int type) {
    left--;
    if (left < 0 || depth > DEEPEST) {
      simple(type);
      return;
    }
    depth++;
    boolean done =
        switch (random.nextInt(14)) {
          case 0 -> variables.localGet(type);
          case 1 -> variables.globalGet(type);
          case 2 -> control.block(type);
          case 3 -> control.call(type);
          case 4 -> memories.load(type);
          case 5 -> oneIn(2) ? control.select(type) : variables.localTee(type);
          case 6 -> oneIn(2) ? control.branchIf(type) : control.ifElse(type);
          case 7 -> oneIn(8) && control.leave();
          default -> special(type);
        };
    if (!done) {
      simple(type);
    }
    depth--;
  }

  // What has no operands, and so always fits.
  private void simple(int type) {
    if (oneIn(4) || !variables.localGet(type)) {
      if (type == FUNCREF && oneIn(2)) {
        references.refFunc();
      } else {
        module.constant(out, type);
      }
    }
  }

  private boolean special(int type) {
    if (!Opcodes.isNumber(type)) {
      return references.reference(type);
    }
    return type == I32 && oneIn(3) ? question() : numbers.operator(type);
  }

  /** Something about a reference, a memory or a table that is a 32-bit number. */
  private boolean question() {
    return switch (random.nextInt(7)) {
      case 0 -> references.refIsNull();
      case 1 -> memories.sizeOrGrow();
      case 2 -> tables.sizeOrGrow();
      default -> references.objectTest();
    };
  }

  /** Writes a few statements, or none. */
  void statements(int most) {
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
      case 0, 1 -> variables.localSet();
      case 2 -> variables.globalSet();
      case 3, 4 -> memories.store();
      case 5 -> control.callAndDrop();
      case 6 -> {
        value(module.anyType());
        out.put(0x1a);
      }
      case 7 -> control.loop();
      case 8 -> control.ifElse();
      case 9 -> control.branchIf();
      case 10 -> control.branchTable();
      case 11 -> memories.bulk();
      case 12 -> tables.setOrBulk();
      case 13 -> control.typedBlock();
      default -> {
        if (module.options.latest()) {
          latest();
        } else {
          variables.localSet();
        }
      }
    }
    depth--;
  }

  private void latest() {
    switch (random.nextInt(5)) {
      case 0 -> aggregates.set();
      case 1 -> control.tryTable();
      case 2 -> {
        if (!module.tags.isEmpty() || oneIn(4)) {
          control.throwAny();
        }
      }
      case 3 -> control.tailCall();
      default -> aggregates.arrayBulk();
    }
  }
}
