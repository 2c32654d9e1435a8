package io.github.wasmtimejvm.binary;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The name that a component has for people, in a custom section. */
final class ComponentName {
  private static final String SECTION = "component-name";
  private static final int CUSTOM = 0;
  private static final int WHOLE = 0; // the part with the name of the component itself

  private ComponentName() {}

  /**
   * Reads what follows the name of a custom section.
   *
   * @return {@code null} if it has no name. Names help people only: damaged ones count as none, as
   *     for the engine.
   */
  static @Nullable String read(String section, ComponentInput in) {
    if (!section.equals(SECTION)) {
      in.skipAll();
      return null;
    }
    String name = null;
    try {
      while (in.hasMore()) {
        int kind = in.u8();
        ComponentInput content = in.take(in.u32());
        if (kind == WHOLE) {
          name = content.name();
        }
      }
    } catch (IndexOutOfBoundsException | MalformedComponentException e) {
      in.skipAll();
    }
    return name;
  }

  /** Writes a custom section with a name. */
  static void write(ByteWriter out, String name) {
    out.write(CUSTOM);
    int section = out.beginSized();
    text(out, SECTION);
    out.write(WHOLE);
    int part = out.beginSized();
    text(out, name);
    out.endSized(part);
    out.endSized(section);
  }

  private static void text(ByteWriter out, String text) {
    int begin = out.beginSized();
    out.writeAll(text.getBytes(StandardCharsets.UTF_8));
    out.endSized(begin);
  }
}
