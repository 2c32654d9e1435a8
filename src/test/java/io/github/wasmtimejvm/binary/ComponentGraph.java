package io.github.wasmtimejvm.binary;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All that was read of a component, a line for each object: its class, and its fields, in which
 * other objects have numbers. Two components that say the same give equal lines. Left out are the
 * custom sections; a module is what its sections declare, wherever they are.
 */
final class ComponentGraph {
  // Types, imports, functions, tables, memories, globals, exports, start, tags.
  private static final Set<Integer> DECLARING = Set.of(1, 2, 3, 4, 5, 6, 7, 8, 13);

  // The second is made of what the rest says, and without an order; the third is a place.
  private static final Set<String> LEFT_OUT = Set.of("customSections", "indexSpaces", "bytes");

  private final byte[] bytes;
  private final Map<Object, Integer> numbers = new IdentityHashMap<>();
  private final Deque<Object> waiting = new ArrayDeque<>();

  private ComponentGraph(byte[] bytes) {
    this.bytes = bytes;
  }

  static List<String> of(byte[] bytes) {
    ComponentGraph graph = new ComponentGraph(bytes);
    List<String> lines = new ArrayList<>();
    graph.text(Component.read(bytes));
    while (!graph.waiting.isEmpty()) {
      lines.add(graph.line(graph.waiting.removeFirst()));
    }
    return lines;
  }

  /** Fails if a file is read otherwise without its code; says how many bytes the copy has. */
  public static void main(String[] args) throws Exception {
    byte[] bytes = Files.readAllBytes(Path.of(args[0]));
    byte[] copy = Component.withoutCode(bytes, Component.Extension.NONE, "");
    if (!of(copy).equals(of(bytes))) {
      throw new IllegalStateException("Without its code, the component is read otherwise");
    }
    System.out.println(copy.length);
  }

  private String text(Object value) {
    return switch (value) {
      case null -> "null";
      case String text -> '"' + text + '"';
      case Enum<?> constant -> constant.name();
      case Boolean flag -> flag.toString();
      case Number number -> number.toString();
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> text(entry.getKey()) + "=" + text(entry.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
      case Collection<?> list ->
          list.stream().map(this::text).collect(Collectors.joining(", ", "[", "]"));
      default -> {
        Integer number = numbers.get(value);
        if (number == null) {
          number = numbers.size();
          numbers.put(value, number);
          waiting.addLast(value);
        }
        yield "#" + number;
      }
    };
  }

  private String line(Object object) {
    if (object instanceof CoreModule.Bytes(int from, int to)) {
      return "module " + declarations(new ByteReader(bytes).take(to), from);
    }
    StringBuilder line = new StringBuilder(object.getClass().getSimpleName());
    for (Class<?> type = object.getClass(); type != Object.class; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers()) && !LEFT_OUT.contains(field.getName())) {
          line.append(' ').append(field.getName()).append('=').append(value(object, field));
        }
      }
    }
    return line.toString();
  }

  private String value(Object object, Field field) {
    try {
      field.setAccessible(true);
      return text(field.get(object));
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> declarations(ByteReader in, int from) {
    in = in.at(from);
    in.skip(8);
    List<String> sections = new ArrayList<>();
    while (in.remaining() > 0) {
      int id = in.u8();
      byte[] content = in.take(in.uleb()).toArray();
      if (DECLARING.contains(id)) {
        sections.add(id + ":" + HexFormat.of().formatHex(content));
      }
    }
    return sections;
  }
}
