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
import static io.github.wasmtimejvm.attack.Opcodes.STRUCTREF;

import java.util.List;

/** Writes instructions that make, convert or test references. */
final class ReferenceInstructions extends InstructionWriter {
  private final ControlInstructions control;
  private final TableInstructions tables;
  private final AggregateInstructions aggregates;

  ReferenceInstructions(
      BodyGenerator body,
      ControlInstructions control,
      TableInstructions tables,
      AggregateInstructions aggregates) {
    super(body);
    this.control = control;
    this.tables = tables;
    this.aggregates = aggregates;
  }

  /** Writes what leaves a reference of a type. */
  boolean reference(int type) {
    if (module.options.latest() && oneIn(4) && aggregates.get(type)) {
      return true;
    }
    if (tables.get(type)) {
      return true;
    }
    if (!module.options.latest()) {
      return false;
    }
    switch (type) {
      case FUNCREF -> refFunc();
      case EXTERNREF -> {
        value(ANYREF);
        out.put(0xfb, 27);
      }
      case ANYREF -> {
        if (oneIn(4)) {
          value(EXTERNREF);
          out.put(0xfb, 26);
        } else {
          value(anyObjectType());
        }
      }
      case EQREF -> value(anyObjectType());
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
          refCast(type);
        } else {
          value(CONCRETE + module.aggregates.get(index).index());
        }
      }
      case EXNREF -> control.caughtException();
      default -> {
        if (oneIn(4)) {
          refCast(type);
        } else {
          aggregates.allocate(type);
        }
      }
    }
    return true;
  }

  void refFunc() {
    out.put(0xd2).unsigned(random.nextInt(module.functions.size()));
  }

  private void refCast(int type) {
    value(ANYREF);
    ModuleGenerator.type(out.put(0xfb, oneIn(8) ? 22 : 23), type, true);
  }

  /** Any type of objects. */
  private int anyObjectType() {
    return module.aggregates.isEmpty() || oneIn(2)
        ? any(List.of(EQREF, I31REF, STRUCTREF, ARRAYREF))
        : CONCRETE + any(module.aggregates).index();
  }

  boolean refIsNull() {
    value(module.options.latest() ? anyReferenceType() : oneIn(2) ? FUNCREF : EXTERNREF);
    out.put(0xd1);
    return true;
  }

  private int anyReferenceType() {
    int type = module.anyType();
    return Opcodes.isNumber(type) ? EQREF : type;
  }

  /** Writes something about an object that is a 32-bit number. */
  boolean objectTest() {
    if (!module.options.latest()) {
      return false;
    }
    switch (random.nextInt(5)) {
      case 0 -> {
        values(EQREF, EQREF);
        out.put(0xd3);
      }
      case 1 -> {
        value(ANYREF);
        ModuleGenerator.type(out.put(0xfb, oneIn(2) ? 20 : 21), anyObjectType(), true);
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
        return aggregates.get(I32);
      }
    }
    return true;
  }
}
