package io.github.wasmtimejvm;

import io.github.wasmtimejvm.internal.Printable;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Says why something cannot be imported, after the engine has refused. What only the engine can
 * tell, whether one reference type is a subtype of another, is taken to be in order.
 */
final class ImportCheck {
  // A guest can need very many things of very long types.
  private static final int LONGEST_LIST = 1 << 16;

  private ImportCheck() {}

  /**
   * Returns what says which imports of a module a linker cannot satisfy.
   *
   * @param linker the {@code wasmtime_linker_t*}, in whose use this is, and in one of the store
   * @param message what the engine said, for the case that nothing can be seen
   */
  static LinkException exception(MemorySegment linker, Store store, Module module, String message) {
    StringBuilder all = new StringBuilder();
    int left = 0;
    List<ImportType> unsatisfied = new ArrayList<>();
    for (ImportType needed : module.imports()) {
      Optional<Extern> found = LinkerItems.find(linker, store, needed.module(), needed.name());
      String offered = found.isEmpty() ? "nothing" : misfit(found.get(), needed);
      if (offered != null) {
        unsatisfied.add(needed);
        if (all.length() > LONGEST_LIST) {
          left++;
          continue;
        }
        all.append(
            "%n  %s.%s: needs %s, the linker has %s"
                .formatted(
                    Printable.of(needed.module()),
                    Printable.of(needed.name()),
                    ExportType.text(needed::type),
                    offered));
      }
    }
    if (left > 0) {
      all.append("%n  and %s more".formatted(left));
    }
    if (unsatisfied.stream().anyMatch(missing -> missing.module().equals(WasiImports.OLD_MODULE))) {
      all.append(
          "%n  the module was built for an old WASI, %s: the C API offers %s only"
              .formatted(WasiImports.OLD_MODULE, WasiImports.MODULE));
    }
    return new LinkException(
        unsatisfied.isEmpty() ? message : "unsatisfied imports:" + all, unsatisfied);
  }

  // What cannot be described is taken to be in order, too.
  private static @Nullable String misfit(Extern offered, ImportType needed) {
    try {
      return misfit(offered, needed.type());
    } catch (UnsupportedOperationException e) {
      return null;
    }
  }

  /**
   * Returns what {@code offered} is, {@code null} if it fits as far as can be seen; within a use of
   * its store.
   */
  static @Nullable String misfit(Extern offered, ExternType needed) {
    if (offered instanceof Table) {
      // The C API cannot describe every table that exists.
      return needed instanceof TableType ? null : "a table";
    }
    ExternType type = offered.describe();
    if (type instanceof MemoryType has) {
      long size =
          offered instanceof Memory memory ? memory.size() : ((SharedMemory) offered).size();
      MemoryType now =
          new MemoryType(size, has.maximum(), has.is64(), has.shared(), has.pageSize());
      return needed instanceof MemoryType wants && fits(now, wants) ? null : now.toString();
    }
    return fits(type, needed) ? null : type.toString();
  }

  private static boolean fits(MemoryType has, MemoryType wants) {
    return has.is64() == wants.is64()
        && has.shared() == wants.shared()
        && has.pageSize() == wants.pageSize()
        && Long.compareUnsigned(has.minimum(), wants.minimum()) >= 0
        && fits(has.maximum(), wants.maximum());
  }

  private static boolean fits(OptionalLong has, OptionalLong wants) {
    return wants.isEmpty()
        || has.isPresent() && Long.compareUnsigned(has.getAsLong(), wants.getAsLong()) <= 0;
  }

  private static boolean fits(ExternType has, ExternType wants) {
    if (has instanceof FuncType a && wants instanceof FuncType b) {
      return fits(a.params(), b.params()) && fits(a.results(), b.results());
    }
    if (has instanceof GlobalType a && wants instanceof GlobalType b) {
      return a.mutable() == b.mutable() && fits(a.content(), b.content());
    }
    if (has instanceof TagType a && wants instanceof TagType b) {
      return fits(a.payload(), b.payload());
    }
    return false;
  }

  private static boolean fits(List<ValType> has, List<ValType> wants) {
    for (int i = 0; i < Math.min(has.size(), wants.size()); i++) {
      if (!fits(has.get(i), wants.get(i))) {
        return false;
      }
    }
    return has.size() == wants.size();
  }

  private static boolean fits(ValType has, ValType wants) {
    return has.equals(wants) || has instanceof RefType && wants instanceof RefType;
  }
}
