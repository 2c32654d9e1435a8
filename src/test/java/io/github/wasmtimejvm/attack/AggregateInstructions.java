package io.github.wasmtimejvm.attack;

import static io.github.wasmtimejvm.attack.Opcodes.CONCRETE;
import static io.github.wasmtimejvm.attack.Opcodes.I32;

import io.github.wasmtimejvm.attack.ModuleGenerator.Aggregate;
import java.util.Arrays;
import java.util.List;

/** Writes instructions about structs and arrays. */
final class AggregateInstructions extends InstructionWriter {
  AggregateInstructions(BodyGenerator body) {
    super(body);
  }

  /** Reads a field or an element. */
  boolean get(int type) {
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

  /** Sets a field or an element. */
  void set() {
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

  /** The type of the value that a field of a storage type holds. */
  private static int unpacked(int storage) {
    return storage == ModuleGenerator.I8 || storage == ModuleGenerator.I16 ? I32 : storage;
  }

  /** Allocates a struct or an array of a concrete type. */
  void allocate(int type) {
    Aggregate aggregate =
        module.aggregates.stream()
            .filter(a -> a.index() == type - CONCRETE)
            .findFirst()
            .orElseThrow();
    int[] fields =
        Arrays.stream(aggregate.storage()).map(AggregateInstructions::unpacked).toArray();
    if (aggregate.array()) {
      array(aggregate.index(), fields[0]);
    } else {
      boolean defaults = oneIn(3);
      values(defaults ? NOTHING : fields);
      out.put(0xfb, defaults ? 1 : 0).unsigned(aggregate.index());
    }
  }

  private void array(int index, int element) {
    int segment = any(module.data.size(), _ -> true);
    switch (random.nextInt(4)) {
      case 0 -> {
        int count = random.nextInt(5);
        for (int i = 0; i < count; i++) {
          value(element);
        }
        out.put(0xfb, 8).unsigned(index).unsigned(count);
      }
      case 1 -> {
        value(element);
        small(I32, 15);
        out.put(0xfb, 6).unsigned(index);
      }
      case 2 -> {
        if (segment >= 0 && Opcodes.isNumber(element)) {
          small(I32, 7);
          small(I32, 3);
          out.put(0xfb, 9).unsigned(index).unsigned(segment);
        } else {
          small(I32, 0x3ff);
          out.put(0xfb, 7).unsigned(index);
        }
      }
      default -> {
        small(I32, 15);
        out.put(0xfb, 7).unsigned(index);
      }
    }
  }

  /** Fills or copies many elements of an array. */
  void arrayBulk() {
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
}
