package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.AbstractHeapType;
import io.github.wasmtimejvm.ArrayRef;
import io.github.wasmtimejvm.EngineException;
import io.github.wasmtimejvm.ExportType;
import io.github.wasmtimejvm.Extern;
import io.github.wasmtimejvm.ExternType;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.FuncType;
import io.github.wasmtimejvm.Global;
import io.github.wasmtimejvm.GlobalType;
import io.github.wasmtimejvm.GuestException;
import io.github.wasmtimejvm.HostFunction;
import io.github.wasmtimejvm.I31;
import io.github.wasmtimejvm.ImportType;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.LinkException;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Memory;
import io.github.wasmtimejvm.MemoryType;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.NumType;
import io.github.wasmtimejvm.RefType;
import io.github.wasmtimejvm.StoppedException;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.StructRef;
import io.github.wasmtimejvm.Table;
import io.github.wasmtimejvm.TableType;
import io.github.wasmtimejvm.Tag;
import io.github.wasmtimejvm.TagType;
import io.github.wasmtimejvm.TrapCode;
import io.github.wasmtimejvm.TrapException;
import io.github.wasmtimejvm.V128;
import io.github.wasmtimejvm.ValType;
import io.github.wasmtimejvm.WasmtimeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One run of a module, whatever it imports and exports: everything is called and looked at. What it
 * chooses depends on a seed alone, so that two runs can be compared.
 */
final class FuzzRun {
  /**
   * What was seen.
   *
   * @param lines what the guest did and gave, in order
   * @param whole whether no resource ran out, for which every engine has its own measure
   * @param entered whether the guest ran
   */
  record Trace(List<String> lines, boolean whole, boolean entered) {
    /** Returns where two runs of one module differ, {@code null} if they do not. */
    @Nullable String difference(Trace other) {
      int both = Math.min(lines.size(), other.lines.size());
      for (int i = 0; i < both; i++) {
        if (!lines.get(i).equals(other.lines.get(i))) {
          return "line " + i + ": " + lines.get(i) + "\nand: " + other.lines.get(i);
        }
      }
      return whole && other.whole && lines.size() != other.lines.size()
          ? lines.size() + " lines and " + other.lines.size()
          : null;
    }
  }

  /** What our host functions throw. */
  private static final class Thrown extends Exception {
    private static final long serialVersionUID = 1;

    Thrown(String message) {
      super(message, null, false, false);
    }
  }

  /** There is no value that a function wants. */
  private static final class NoValue extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private static final int CALLS = 3; // of each function
  private static final int HOST_CALLS = 1000;
  private static final int READ = 1 << 20;

  private static final Set<TrapCode> RESOURCES =
      EnumSet.of(
          TrapCode.STACK_OVERFLOW,
          TrapCode.OUT_OF_FUEL,
          TrapCode.INTERRUPT,
          TrapCode.ALLOCATION_TOO_LARGE);

  private final Module module;
  private final Store store;
  private final Random random;
  private final Journal journal;
  private final List<String> lines = new ArrayList<>();
  private final List<Func> functions = new ArrayList<>();
  private int hostCalls;
  private boolean whole = true;
  private boolean entered;

  private FuzzRun(Module module, Store store, long seed, Journal journal) {
    this.module = module;
    this.store = store;
    this.random = new Random(seed);
    this.journal = journal;
  }

  /**
   * Runs a module in a store, which has limits.
   *
   * @throws RuntimeException what nothing foresees
   */
  static Trace run(Module module, Store store, long seed, Journal journal) {
    FuzzRun run = new FuzzRun(module, store, seed, journal);
    run.all();
    return new Trace(run.lines, run.whole, run.entered);
  }

  private void all() {
    Instance instance = instantiate();
    if (instance == null) {
      return;
    }
    Map<String, Extern> exports = instance.exports();
    for (Extern item : exports.values()) {
      if (item instanceof Func func) {
        functions.add(func);
      }
    }
    for (int i = 0; i < CALLS && whole; i++) {
      for (Map.Entry<String, Extern> export : exports.entrySet()) {
        if (export.getValue() instanceof Func func && whole) {
          call(export.getKey(), func);
        }
      }
    }
    for (Map.Entry<String, Extern> export : exports.entrySet()) {
      if (whole) {
        lines.add(export.getKey() + " has " + content(export.getValue()));
      }
    }
  }

  private @Nullable Instance instantiate() {
    journal.note("instantiate");
    try {
      if (random.nextBoolean()) {
        Extern[] imports = new Extern[module.imports().size()];
        for (int i = 0; i < imports.length; i++) {
          imports[i] = item(module.imports().get(i).type());
        }
        return done(Instance.create(store, module, imports));
      }
      try (Linker linker = Linker.create(store.engine())) {
        linker.allowShadowing(true);
        for (ImportType needed : module.imports()) {
          if (needed.type() instanceof FuncType type) {
            linker.define(needed.module(), needed.name(), type, host(type));
          } else {
            linker.define(needed.module(), needed.name(), item(needed.type()));
          }
        }
        return done(linker.instantiate(store, module));
      }
    } catch (LinkException | NoValue twoOfOneName) {
      whole = false;
    } catch (Exception e) {
      ended("start", e);
    }
    return null;
  }

  private Instance done(Instance instance) {
    lines.add("instance");
    return instance;
  }

  private Extern item(ExternType type) {
    return switch (type) {
      case FuncType func -> Func.create(store, func, host(func));
      case GlobalType global -> Global.create(store, global, value(global.content()));
      case TableType table -> Table.create(store, table, value(table.element()));
      case TagType tag -> Tag.create(store, tag);
      case MemoryType memory -> {
        if (memory.shared()) {
          throw new NoValue(); // the store's limits are not for it
        }
        yield Memory.create(store, memory);
      }
    };
  }

  private HostFunction host(FuncType type) {
    return (caller, arguments) -> {
      entered = true;
      lines.add("host " + text(arguments));
      if (++hostCalls > HOST_CALLS || random.nextInt(30) == 0) {
        throw new Thrown("host " + hostCalls);
      }
      Object[] results = type.results().stream().map(this::value).toArray();
      return switch (results.length) {
        case 0 -> null;
        case 1 -> results[0];
        default -> results;
      };
    };
  }

  private void call(String name, Func func) {
    journal.note("call " + name);
    @Nullable Object[] arguments;
    try {
      arguments = func.type().params().stream().map(this::value).toArray();
    } catch (NoValue e) {
      return;
    }
    try {
      Object result = func.call(arguments);
      entered = true;
      lines.add(name + " gave " + text(result));
    } catch (Exception e) {
      ended(name, e);
    }
  }

  private void ended(String name, Exception outcome) {
    switch (outcome) {
      case TrapException trap -> {
        entered |= !trap.frames().isEmpty();
        if (RESOURCES.contains(trap.code())) {
          whole = false;
        } else {
          lines.add(name + " trapped: " + trap.code());
        }
      }
      case GuestException exception -> {
        entered = true;
        lines.add(name + " threw " + text(exception.payload().toArray()));
      }
      case Thrown thrown -> lines.add(name + " ended by " + thrown.getMessage());
      case NoValue _ -> lines.add(name + " ended for want of a value");
      case EngineException _, StoppedException _ -> {
        entered |= !((WasmtimeException) outcome).frames().isEmpty();
        whole = false;
      }
      case RuntimeException other -> throw other;
      default -> throw new IllegalStateException("from nowhere", outcome);
    }
  }

  private @Nullable Object value(ValType type) {
    return switch (type) {
      case NumType number ->
          switch (number) {
            case I32 -> (int) number();
            case I64 -> number();
            case F32 -> Float.intBitsToFloat((int) real(Integer.SIZE));
            case F64 -> Double.longBitsToDouble(real(Long.SIZE));
            case V128 -> new V128(number(), number());
          };
      case RefType reference -> reference(reference);
    };
  }

  private long number() {
    return switch (random.nextInt(4)) {
      case 0 -> -1;
      case 1 -> random.nextLong();
      default -> random.nextInt(100);
    };
  }

  /** The bits of a number of so many bits: any, a NaN, an infinity, or a small number. */
  private long real(int size) {
    boolean wide = size == Long.SIZE;
    long infinity =
        wide
            ? Double.doubleToRawLongBits(Double.POSITIVE_INFINITY)
            : Float.floatToRawIntBits(Float.POSITIVE_INFINITY);
    double small = random.nextInt(1000) / 16d - 10;
    return switch (random.nextInt(6)) {
      case 0 -> random.nextLong();
      case 1 -> infinity | random.nextLong(1L << 22);
      case 2 -> infinity;
      default -> wide ? Double.doubleToRawLongBits(small) : Float.floatToRawIntBits((float) small);
    };
  }

  private @Nullable Object reference(RefType type) {
    if (type.nullable() && random.nextBoolean()) {
      return null;
    }
    if (type.heapType() instanceof AbstractHeapType heap) {
      switch (heap) {
        case EXTERN -> {
          return "external " + random.nextInt(100);
        }
        case ANY, EQ, I31 -> {
          return new I31(random.nextInt(1000));
        }
        case FUNC -> {
          if (!functions.isEmpty()) {
            return functions.get(random.nextInt(functions.size()));
          }
        }
        default -> {}
      }
    }
    if (type.nullable()) {
      return null;
    }
    throw new NoValue();
  }

  private static String text(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case Float f -> "f32 " + Integer.toHexString(Float.floatToRawIntBits(f));
      case Double d -> "f64 " + Long.toHexString(Double.doubleToRawLongBits(d));
      case Func _ -> "function";
      case StructRef _ -> "struct";
      case ArrayRef array -> "array of " + array.length();
      case Object[] all -> Arrays.stream(all).map(FuzzRun::text).collect(Collectors.joining(", "));
      case Integer _, Long _, V128 _, I31 _, String _ ->
          value.getClass().getSimpleName() + " " + value;
      default -> value.getClass().getSimpleName();
    };
  }

  private static String content(Extern item) {
    return switch (item) {
      case Global global -> text(global.get());
      case Memory memory -> {
        byte[] bytes = new byte[(int) Math.min(READ, memory.byteSize())];
        memory.read(0, bytes);
        yield memory.size() + " pages " + Arrays.hashCode(bytes);
      }
      case Table table -> {
        StringBuilder all = new StringBuilder();
        for (long i = 0; i < Math.min(100, table.size()); i++) {
          all.append(text(table.get(i))).append(' ');
        }
        yield all.append(table.size()).toString();
      }
      default -> item.getClass().getSimpleName();
    };
  }

  /** Asks a module for all that it says about itself. */
  static int describe(Module module) {
    int length = 0;
    for (ImportType needed : module.imports()) {
      length += needed.toString().length();
    }
    for (ExportType offered : module.exports()) {
      length += offered.toString().length();
    }
    return length;
  }
}
