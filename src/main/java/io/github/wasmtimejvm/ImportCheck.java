package io.github.wasmtimejvm;

import io.github.wasmtimejvm.declarations.DeclaredType;
import io.github.wasmtimejvm.internal.Printable;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says why something cannot be imported, after the engine has refused. */
final class ImportCheck implements AutoCloseable {
  // A guest can need very many things of very long types.
  private static final int LONGEST_LIST = 1 << 16;

  private final LinkerSearch linker;
  private final Module module;
  private final TypeMatch match;

  // Copies all types of the module: made for the first import that the engine is asked about.
  private @Nullable NativeImports nativeImports;

  // What the linker has of what is needed: a module may need one thing very often, and each look
  // leaves a function in the store.
  private final Map<String, Map<String, Extern>> items = new HashMap<>();

  private final List<ImportType> unsatisfied = new ArrayList<>();
  private final List<ImportType> unknown = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private int left; // of those that are unsatisfied, out of the text

  private ImportCheck(MemorySegment linker, Store store, Module module) {
    this.linker = new LinkerSearch(linker, store);
    this.module = module;
    this.match = new TypeMatch(store.engine());
  }

  /**
   * Returns what says which imports of a module a linker cannot satisfy.
   *
   * @param linker the {@code wasmtime_linker_t*}; the caller holds its lock and uses the store
   * @param message what the engine said, which is used if no reason is found here
   */
  static LinkException exception(MemorySegment linker, Store store, Module module, String message) {
    try (ImportCheck check = new ImportCheck(linker, store, module)) {
      List<ImportType> needed = module.imports();
      for (int i = 0; i < needed.size(); i++) {
        check.check(needed.get(i), i);
      }
      return check.exception(message);
    }
  }

  private void check(ImportType needed, int index) {
    Extern item = find(needed.module(), needed.name());
    if (item == null) {
      note(needed, "nothing");
      return;
    }
    switch (match.fits(item, needed, () -> nativeType(index))) {
      case YES -> {}
      case NO -> note(needed, describe(item, needed));
      case UNKNOWN -> unknown.add(needed);
    }
  }

  private MemorySegment nativeType(int index) {
    NativeImports known = nativeImports;
    if (known == null) {
      known = new NativeImports(module);
      nativeImports = known;
    }
    return known.type(index);
  }

  private @Nullable Extern find(String module, String name) {
    Map<String, Extern> known = items.getOrDefault(module, Map.of());
    Extern item = known.get(name);
    if (item == null) {
      item = linker.find(module, name).orElse(null);
      if (item != null) {
        items.computeIfAbsent(module, _ -> new HashMap<>()).put(name, item);
      }
    }
    return item;
  }

  // Types that differ may look the same: another type definition, or other indices of a table.
  private static String describe(Extern item, ImportType needed) {
    String text = DeclaredType.text(() -> TypeMatch.now(item));
    return text.equals(DeclaredType.text(needed::type)) ? "another " + text : text;
  }

  private void note(ImportType needed, String offered) {
    unsatisfied.add(needed);
    if (text.length() > LONGEST_LIST) {
      left++;
      return;
    }
    text.append(System.lineSeparator())
        .append("  ")
        .append(Printable.of(needed.module()))
        .append('.')
        .append(Printable.of(needed.name()))
        .append(": needs ")
        .append(DeclaredType.text(needed::type))
        .append(", the linker has ")
        .append(offered);
  }

  private LinkException exception(String message) {
    if (unsatisfied.isEmpty() && unknown.size() == 1) { // there is no other that the engine means
      note(unknown.getFirst(), "one of another type");
    }
    if (left > 0) {
      text.append("%n  and %s more".formatted(left));
    }
    if (unsatisfied.stream().anyMatch(missing -> missing.module().equals(WasiImports.OLD_MODULE))) {
      text.append(
          "%n  the module was built for an old WASI, %s: the C API offers %s only"
              .formatted(WasiImports.OLD_MODULE, WasiImports.MODULE));
    }
    return new LinkException(
        unsatisfied.isEmpty() ? message : "unsatisfied imports:" + text, unsatisfied);
  }

  @Override
  public void close() {
    linker.close();
    if (nativeImports != null) {
      nativeImports.close();
    }
    match.close();
    for (Map<String, Extern> ofModule : items.values()) {
      for (Extern item : ofModule.values()) {
        if (item instanceof SharedMemory memory) {
          memory.close(); // it was made for this look
        }
      }
    }
  }
}
