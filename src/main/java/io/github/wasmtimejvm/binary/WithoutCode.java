package io.github.wasmtimejvm.binary;

import java.nio.charset.StandardCharsets;

/**
 * Copies a component and leaves out what only runs: of modules all sections but those that declare
 * something, or say that something starts, and all custom sections but the name of the component.
 */
final class WithoutCode {
  private static final int CUSTOM = 0;
  private static final int MODULE = 1;
  private static final int COMPONENT = 4;
  private static final int PREAMBLE = 8; // bytes

  private final byte[] bytes;
  private final ByteWriter out = new ByteWriter();

  private WithoutCode(byte[] bytes) {
    this.bytes = bytes;
  }

  static byte[] of(byte[] bytes, Component.Extension extension, String plan) {
    WithoutCode copy = new WithoutCode(bytes);
    ComponentInput in = new ComponentInput(bytes);
    try {
      copy.component(in, 0);
    } catch (IndexOutOfBoundsException e) {
      throw in.malformed("The component ends too early");
    }
    if (extension != Component.Extension.NONE) {
      int begin = copy.begin(CUSTOM);
      String name = extension.sectionName(plan);
      copy.out.writeCount(name.length());
      copy.out.writeAll(name.getBytes(StandardCharsets.US_ASCII));
      copy.out.endSized(begin);
    }
    return copy.out.toArray();
  }

  private void component(ComponentInput in, int depth) {
    if (depth > ComponentLimits.MOST_NESTED) {
      throw in.malformed("Components are nested too deep");
    }
    copy(in.take(PREAMBLE));
    while (in.hasMore()) {
      int id = in.u8();
      ComponentInput content = in.take(in.u32());
      switch (id) {
        case CUSTOM -> name(content);
        case MODULE -> {
          int begin = begin(id);
          module(content);
          out.endSized(begin);
        }
        case COMPONENT -> {
          int begin = begin(id);
          component(content, depth + 1);
          out.endSized(begin);
        }
        default -> section(id, content);
      }
    }
  }

  private void module(ComponentInput in) {
    copy(in.take(PREAMBLE));
    while (in.hasMore()) {
      int id = in.u8();
      ComponentInput content = in.take(in.u32());
      if (SectionIds.isDeclaring(id) || id == SectionIds.START) { // whether something starts
        section(id, content);
      }
    }
  }

  private void name(ComponentInput in) {
    String name = ComponentName.read(in.name(), in);
    if (name != null) {
      ComponentName.write(out, name);
    }
  }

  private void section(int id, ComponentInput content) {
    int begin = begin(id);
    copy(content);
    out.endSized(begin);
  }

  private int begin(int id) {
    out.write(id);
    return out.beginSized();
  }

  private void copy(ComponentInput in) {
    out.write(bytes, in.position(), in.end());
  }
}
