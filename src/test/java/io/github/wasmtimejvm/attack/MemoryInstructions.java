package io.github.wasmtimejvm.attack;

import static io.github.wasmtimejvm.attack.Opcodes.I32;
import static io.github.wasmtimejvm.attack.Opcodes.I64;

import io.github.wasmtimejvm.attack.ModuleGenerator.Space;
import java.util.List;

/** Writes instructions about memories, most of them near the lowest addresses. */
final class MemoryInstructions extends InstructionWriter {
  MemoryInstructions(BodyGenerator body) {
    super(body);
  }

  boolean load(int type) {
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

  void store() {
    if (module.memories.isEmpty()) {
      return;
    }
    Opcodes.Access access = any(Opcodes.STORE);
    if (!module.options.allows(access.type())) {
      return;
    }
    int memory = random.nextInt(module.memories.size());
    address(memory);
    value(access.type());
    access(access, memory, false);
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

  boolean sizeOrGrow() {
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
    return true;
  }

  /** Copies, fills or initializes many bytes, or drops a data segment. */
  void bulk() {
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
}
