package io.github.wasmtimejvm.attack;

/** Writes instructions that read and set locals and globals. */
final class VariableInstructions extends InstructionWriter {
  VariableInstructions(BodyGenerator body) {
    super(body);
  }

  boolean localGet(int type) {
    int local = anyLocal(type);
    if (local >= 0) {
      out.put(0x20).unsigned(local);
    }
    return local >= 0;
  }

  boolean localTee(int type) {
    int local = anyLocal(type);
    if (local >= 0) {
      value(type);
      out.put(0x22).unsigned(local);
    }
    return local >= 0;
  }

  private int anyLocal(int type) {
    return any(locals.size(), i -> locals.get(i) == type);
  }

  void localSet() {
    int local = random.nextInt(locals.size());
    value(locals.get(local));
    out.put(0x21).unsigned(local);
  }

  boolean globalGet(int type) {
    int global = any(module.globals.size(), i -> module.globals.get(i).type() == type);
    if (global >= 0) {
      out.put(0x23).unsigned(global);
    }
    return global >= 0;
  }

  void globalSet() {
    int global = any(module.globals.size(), i -> module.globals.get(i).mutable());
    if (global >= 0) {
      value(module.globals.get(global).type());
      out.put(0x24).unsigned(global);
    }
  }
}
