package io.github.wasmtimejvm.leaks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which C functions give ownership to Java and which take it, as their declarations and names have
 * it.
 *
 * <p>What has a function that deletes it, or gives back its root, can be owned. Such an object is
 * acquired by a function that returns a pointer to it, or fills an out-parameter with it: one that
 * is not {@code const}. The few functions that consume an argument are listed by hand.
 */
final class CFunctions {
  /** What a C type is to its owner. */
  enum Form {
    /** A pointer to what C allocated. */
    POINTER,
    /** A pointer variable that C fills with such a pointer. */
    POINTER_OUT,
    /** A struct of the caller's, whose content C allocated. */
    STRUCT
  }

  /**
   * One object that changes hands in a call.
   *
   * @param type its C type
   * @param argument which argument it is, or -1 for the result
   * @param acquired whether Java owns it from then on, else no more
   */
  record Transfer(String type, Form form, int argument, boolean acquired) {}

  private record Declaration(String name, Type result, List<Type> params) {
    boolean releases() {
      return name.endsWith("_delete") || name.endsWith("_unroot");
    }
  }

  private record Type(boolean constant, String name, int stars) {}

  private static final Path SOURCES =
      Path.of("src", "generated", "java", "io", "github", "wasmtimejvm", "capi");

  private static final Pattern DECLARATION = Pattern.compile("\\{@code([^{}]+)}", Pattern.DOTALL);
  private static final Pattern FUNCTION = Pattern.compile("([^()]+?)(\\w+)\\((.*)\\);?");
  private static final Pattern PARAM =
      Pattern.compile("(const )?(?:struct )?(\\w+)(?: \\w+)? ?(\\**)\\w*");
  private static final Pattern STRUCT = Pattern.compile("static final class (\\w+_t) \\{");

  // The headers say so in prose only.
  private static final Map<String, List<Integer>> CONSUMED =
      Map.of(
          "wasm_engine_new_with_config", List.of(0),
          "wasm_functype_new", List.of(0, 1),
          "wasm_globaltype_new", List.of(0),
          "wasm_tabletype_new", List.of(0),
          "wasm_tagtype_new", List.of(0),
          "wasmtime_context_set_wasi", List.of(1),
          "wasmtime_guestprofiler_finish", List.of(0),
          "wasi_config_set_stdin_bytes", List.of(1));

  private final Map<String, Declaration> declarations = new LinkedHashMap<>();
  private final Set<String> structs = new HashSet<>();
  private final Set<String> owned = new HashSet<>();

  /** Reads the declarations in the comments of the generated classes. */
  CFunctions() {
    try (Stream<Path> files = Files.list(SOURCES)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        read(Files.readString(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (Declaration function : declarations.values()) {
      if (function.releases()) {
        owned.add(function.params.getFirst().name);
      }
    }
  }

  private void read(String source) {
    Matcher struct = STRUCT.matcher(source);
    while (struct.find()) {
      structs.add(struct.group(1));
    }
    Matcher comment = DECLARATION.matcher(source);
    while (comment.find()) {
      String text =
          comment.group(1).replaceAll("\\n\\s*\\*(?= )", " ").replaceAll("\\s+", " ").strip();
      Matcher function = FUNCTION.matcher(text);
      if (function.matches()) {
        String name = function.group(2);
        Type result = type(function.group(1));
        declarations.putIfAbsent(name, new Declaration(name, result, params(function.group(3))));
      }
    }
  }

  private static List<Type> params(String text) {
    List<Type> params = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      char c = i == text.length() ? ',' : text.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && depth == 0) {
        params.add(type(text.substring(start, i)));
        start = i + 1;
      }
    }
    return params;
  }

  // A pointer to a function is of no type that could be owned.
  private static Type type(String text) {
    Matcher param = PARAM.matcher(text.strip());
    if (!param.matches()) {
      return new Type(true, text, 0);
    }
    String name = param.group(2).equals("wasm_name_t") ? "wasm_byte_vec_t" : param.group(2);
    return new Type(param.group(1) != null, name, param.group(3).length());
  }

  /** The type that a function deletes, or whose root it gives back; null if it does neither. */
  String released(String function) {
    Declaration declaration = declaration(function);
    return declaration.releases() ? declaration.params.getFirst().name : null;
  }

  /** What changes hands in a call of a function that succeeds. */
  List<Transfer> transfers(String function) {
    Declaration declaration = declaration(function);
    List<Transfer> transfers = new ArrayList<>();
    Type result = declaration.result;
    if (!result.constant && result.stars == 1 && owned.contains(result.name)) {
      transfers.add(new Transfer(result.name, Form.POINTER, -1, true));
    }
    List<Integer> consumed =
        declaration.releases() ? List.of(0) : CONSUMED.getOrDefault(function, List.of());
    for (int i = 0; i < declaration.params.size(); i++) {
      Type param = declaration.params.get(i);
      if (param.constant || !owned.contains(param.name)) {
        continue;
      }
      boolean struct = structs.contains(param.name);
      if (consumed.contains(i)) {
        transfers.add(new Transfer(param.name, struct ? Form.STRUCT : Form.POINTER, i, false));
      } else if (struct && param.stars == 1) {
        transfers.add(new Transfer(param.name, Form.STRUCT, i, true));
      } else if (!struct && param.stars == 2) {
        transfers.add(new Transfer(param.name, Form.POINTER_OUT, i, true));
      }
    }
    return transfers;
  }

  private Declaration declaration(String function) {
    Declaration declaration = declarations.get(function);
    if (declaration == null) {
      throw new IllegalArgumentException("no declaration of " + function + " was found");
    }
    return declaration;
  }
}
