package io.github.wasmtimejvm;

import static io.github.wasmtimejvm.TypeMatch.Answer.NO;
import static io.github.wasmtimejvm.TypeMatch.Answer.UNKNOWN;
import static io.github.wasmtimejvm.TypeMatch.Answer.YES;

import io.github.wasmtimejvm.capi.Wasm;
import io.github.wasmtimejvm.declarations.ItemKind;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether an item can be imported as something of a type, by the rules of the engine. What Java
 * cannot tell it asks the engine, in a store made for that, and up to a bound, as a hostile module
 * may have very many imports.
 */
final class TypeMatch implements AutoCloseable {
  /** What can be told. */
  enum Answer {
    YES,
    NO,
    UNKNOWN;

    static Answer of(boolean fits) {
      return fits ? YES : NO;
    }
  }

  // In comparisons of types; a question about a table costs more, by its size.
  private static final long BUDGET = 2_000;
  private static final long TABLE_COST = 10;
  private static final long ELEMENTS_FOR_ONE = 100;

  private final Engine engine;
  private @Nullable Store asking;
  private StoreState.@Nullable Use use; // of that store
  private long budget = BUDGET;

  TypeMatch(Engine engine) {
    this.engine = engine;
  }

  /**
   * @param offered the item; within a use of its store
   * @param needed the import
   * @param nativeNeeded gives its type, a {@code wasm_externtype_t*} that stays the caller's
   * @throws IllegalStateException if the module of the import is closed
   */
  Answer fits(Extern offered, ImportType needed, Supplier<MemorySegment> nativeNeeded) {
    if (ItemKind.of(offered) != needed.kind()) {
      return NO;
    }
    ExternType type;
    ExternType has;
    try {
      type = needed.type();
      has = now(offered);
    } catch (UnsupportedOperationException | IllegalStateException e) {
      return UNKNOWN; // it cannot be described
    }
    return fits(offered, has, type, nativeNeeded);
  }

  private Answer fits(
      Extern offered, ExternType has, ExternType needed, Supplier<MemorySegment> nativeNeeded) {
    return switch (needed) {
      case FuncType wants when has instanceof FuncType type ->
          mayFit(type, wants) ? function((Func) offered, nativeNeeded) : NO;
      case GlobalType wants when has instanceof GlobalType type -> global(type, wants);
      case TableType wants when has instanceof TableType type ->
          mayFit(type, wants) ? table((Table) offered, nativeNeeded, wants) : NO;
      case MemoryType wants when has instanceof MemoryType type -> Answer.of(fits(type, wants));
      case TagType(FuncType wants) when has instanceof TagType(FuncType payload) ->
          mayFit(payload, wants) ? tag((Tag) offered, nativeNeeded) : NO;
      default -> NO;
    };
  }

  /**
   * Returns the type of an item with the size that it has now; within a use of its store.
   *
   * @throws UnsupportedOperationException if it is a table that may be one of those that the C API
   *     cannot describe
   */
  static ExternType now(Extern item) {
    // Not every table that exists may be described.
    ExternType created =
        switch (item) {
          case Table table -> table.type();
          case Func func -> func.type(); // which it keeps
          default -> item.describe();
        };
    return switch (created) {
      case MemoryType type ->
          new MemoryType(
              item instanceof Memory memory ? memory.size() : ((SharedMemory) item).size(),
              type.maximum(),
              type.is64(),
              type.shared(),
              type.pageSize());
      case TableType type -> new TableType(type.element(), ((Table) item).size(), type.maximum());
      case ExternType type -> type;
    };
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

  // Equal lists are no proof: a type definition may be open for subtypes, or be in another
  // group. Others are seldom worth a question.
  private static boolean mayFit(FuncType has, FuncType wants) {
    return mayFit(has.params(), wants.params()) && mayFit(has.results(), wants.results());
  }

  private static boolean mayFit(List<ValType> has, List<ValType> wants) {
    for (int i = 0; i < Math.min(has.size(), wants.size()); i++) {
      boolean references = has.get(i) instanceof RefType && wants.get(i) instanceof RefType;
      if (!references && !has.get(i).equals(wants.get(i))) {
        return false;
      }
    }
    return has.size() == wants.size();
  }

  private Answer function(Func offered, Supplier<MemorySegment> nativeNeeded) {
    if (!spend(1)) {
      return UNKNOWN;
    }
    MemorySegment nativeType = offered.nativeType();
    try {
      return fits(
          reference(Wasm.wasm_externtype_as_functype_const(nativeType)),
          reference(Wasm.wasm_externtype_as_functype_const(nativeNeeded.get())));
    } finally {
      Wasm.wasm_externtype_delete(nativeType);
    }
  }

  private Answer tag(Tag offered, Supplier<MemorySegment> nativeNeeded) {
    if (!spend(1)) {
      return UNKNOWN;
    }
    MemorySegment nativeType = offered.nativeType();
    try {
      return Answer.of(
          reference(Wasm.wasm_tagtype_functype(Wasm.wasm_externtype_as_tagtype_const(nativeType)))
              .equals(
                  reference(
                      Wasm.wasm_tagtype_functype(
                          Wasm.wasm_externtype_as_tagtype_const(nativeNeeded.get())))));
    } catch (IllegalStateException e) {
      return UNKNOWN; // the engine is closed
    } finally {
      Wasm.wasm_externtype_delete(nativeType);
    }
  }

  private RefType reference(MemorySegment nativeType) {
    return new RefType(false, OtherHeapType.func(engine, nativeType));
  }

  private Answer global(GlobalType has, GlobalType wants) {
    if (has.mutable() != wants.mutable()) {
      return NO;
    }
    return has.mutable()
        ? Answer.of(has.content().equals(wants.content()))
        : fits(has.content(), wants.content());
  }

  private Answer fits(ValType has, ValType wants) {
    try {
      if (has.equals(wants)) {
        return YES;
      }
      if (!(has instanceof RefType type
          && wants instanceof RefType supertype
          && type.heapType().top() == supertype.heapType().top()
          && (supertype.nullable() || !type.nullable()))) {
        return NO;
      }
      return spend(1) ? Answer.of(new SubtypeCheck(asking()).isSubtype(has, wants)) : UNKNOWN;
    } catch (IllegalStateException | EngineException e) {
      return UNKNOWN; // the engine is closed, or can take no more
    }
  }

  private static boolean mayFit(TableType has, TableType wants) {
    return has.element().equals(wants.element())
        && Long.compareUnsigned(has.minimum(), wants.minimum()) >= 0
        && fits(has.maximum(), wants.maximum());
  }

  private Answer table(Table offered, Supplier<MemorySegment> nativeNeeded, TableType needed) {
    if (!spend(TABLE_COST + needed.minimum() / ELEMENTS_FOR_ONE)) {
      return UNKNOWN;
    }
    try {
      Optional<TableTraits> has = TableTraits.of(offered, needed.element());
      Optional<TableTraits> wants =
          has.isEmpty()
              ? Optional.empty()
              : TableTraits.of(
                  asking(),
                  Wasm.wasm_externtype_as_tabletype_const(nativeNeeded.get()),
                  needed.element());
      if (wants.isEmpty()) {
        return UNKNOWN;
      }
      return Answer.of(
          has.get().is64() == wants.get().is64()
              && (has.get().limited() || !wants.get().limited()));
    } catch (IllegalStateException | WasmtimeException e) {
      return UNKNOWN; // as above
    }
  }

  private boolean spend(long cost) {
    if (cost > budget) {
      return false;
    }
    budget -= cost;
    return true;
  }

  private Store asking() {
    Store known = asking;
    if (known == null) {
      known = Store.create(engine);
      use = known.state().enter();
      asking = known;
    }
    return known;
  }

  @Override
  public void close() {
    if (use != null) {
      use.close();
    }
    if (asking != null) {
      asking.close();
    }
  }
}
