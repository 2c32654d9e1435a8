package io.github.wasmtimejvm.attack;

import static io.github.wasmtimejvm.attack.Opcodes.FUNCREF;
import static io.github.wasmtimejvm.attack.Opcodes.I32;

import io.github.wasmtimejvm.attack.ModuleGenerator.Slots;

/** Writes instructions about tables. */
final class TableInstructions extends InstructionWriter {
  TableInstructions(BodyGenerator body) {
    super(body);
  }

  boolean get(int type) {
    int table = any(module.tables.size(), i -> module.tables.get(i).type() == type);
    if (table >= 0 && oneIn(2)) {
      tableIndex(module.tables.get(table));
      out.put(0x25).unsigned(table);
      return true;
    }
    return false;
  }

  boolean sizeOrGrow() {
    int table = random.nextInt(module.tables.size());
    if (oneIn(2)) {
      value(module.tables.get(table).type());
      small(I32, 15);
      out.put(0xfc, 15).unsigned(table);
    } else {
      out.put(0xfc, 16).unsigned(table);
    }
    return true;
  }

  /** Sets an element or many, or drops an element segment. */
  void setOrBulk() {
    int index = random.nextInt(module.tables.size());
    Slots table = module.tables.get(index);
    int segment = random.nextInt(module.elements.size());
    switch (random.nextInt(5)) {
      case 0 -> {
        tableIndex(table);
        value(table.type());
        out.put(0x26).unsigned(index);
      }
      case 1 -> {
        tableIndex(table);
        value(table.type());
        small(I32, 3);
        out.put(0xfc, 17).unsigned(index);
      }
      case 2 -> {
        int other = any(module.tables.size(), i -> module.tables.get(i).type() == table.type());
        tableIndex(table);
        tableIndex(module.tables.get(other));
        small(I32, 3);
        out.put(0xfc, 14).unsigned(index).unsigned(other);
      }
      case 3 -> out.put(0xfc, 13).unsigned(segment);
      default -> {
        if (table.type() == FUNCREF) {
          tableIndex(table);
          small(I32, 1);
          small(I32, 1);
          out.put(0xfc, 12).unsigned(segment).unsigned(index);
        }
      }
    }
  }
}
