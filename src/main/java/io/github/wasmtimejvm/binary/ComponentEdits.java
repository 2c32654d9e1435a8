package io.github.wasmtimejvm.binary;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Replaces parts of the sections of a component. */
public final class ComponentEdits {
  private static final int PREAMBLE = 8; // bytes
  static final int FUNCTION = 0x40;

  private record Edit(int to, byte[] replacement) {}

  private final TreeMap<Integer, Edit> edits = new TreeMap<>(); // by where they begin

  void replace(int from, int to, byte[] replacement) {
    edits.put(from, new Edit(to, replacement));
  }

  /** Gives a function another type: one of core values. */
  public void replace(
      ComponentFunctionType type, List<CoreValueType> parameters, List<CoreValueType> results) {
    ByteWriter out = new ByteWriter();
    writeType(out, parameters, results);
    replace(type.bytes().from(), type.bytes().to(), out.toArray());
  }

  /** Writes the type of a function of core values. */
  static void writeType(
      ByteWriter out, List<CoreValueType> parameters, List<CoreValueType> results) {
    out.write(FUNCTION);
    out.writeCount(parameters.size());
    for (int i = 0; i < parameters.size(); i++) {
      byte[] name = ("p" + i).getBytes(StandardCharsets.US_ASCII);
      out.writeCount(name.length);
      out.writeAll(name);
      out.write(parameters.get(i).lifted);
    }
    if (results.isEmpty()) {
      out.write(1);
      out.write(0);
    } else {
      out.write(0);
      out.write(results.getFirst().lifted);
    }
  }

  /**
   * Returns a component with the replacements.
   *
   * @param bytes a component that the reader has read
   */
  public byte[] applyTo(byte[] bytes) {
    if (edits.isEmpty()) {
      return bytes;
    }
    ByteWriter out = new ByteWriter();
    ByteReader in = new ByteReader(bytes);
    in.skip(PREAMBLE);
    out.write(bytes, 0, PREAMBLE);
    while (in.remaining() > 0) {
      int begin = in.position();
      int id = in.u8();
      int size = in.count();
      int from = in.position();
      in.skip(size);
      Map<Integer, Edit> within = edits.subMap(from, from + size);
      if (within.isEmpty()) {
        out.write(bytes, begin, from + size);
      } else {
        out.write(id);
        int sized = out.beginSized();
        int at = from;
        for (Map.Entry<Integer, Edit> edit : within.entrySet()) {
          out.write(bytes, at, edit.getKey());
          out.writeAll(edit.getValue().replacement());
          at = edit.getValue().to();
        }
        out.write(bytes, at, from + size);
        out.endSized(sized);
      }
    }
    return out.toArray();
  }
}
