package io.github.wasmtimejvm.leaks;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.github.wasmtimejvm.capi.WasmtimeExtern;
import io.github.wasmtimejvm.capi.WasmtimeVal;
import io.github.wasmtimejvm.internal.Shim;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many objects of each C type Java has acquired and released: called by what {@link
 * CountingClasses} has made of the library.
 */
public final class Counts {
  /** How many there were. */
  record Count(LongAdder acquired, LongAdder released) {
    long open() {
      return acquired.sum() - released.sum();
    }
  }

  // Of struct wjvm_store.
  private static final long TRAP = 32;
  private static final long ERROR = 40;

  private static final CFunctions FUNCTIONS = new CFunctions();
  private static final Map<String, List<CFunctions.Transfer>> TRANSFERS = new ConcurrentHashMap<>();
  private static final Map<String, Count> COUNTS = new ConcurrentSkipListMap<>();

  private Counts() {}

  /** All counts by C type. */
  static Map<String, Count> all() {
    return COUNTS;
  }

  /** Before a call: what it takes is still there to be looked at. */
  public static void before(String function, Object[] args) {
    switch (function) {
      case "storeDelete" -> count("wasmtime_store_t", false, 1);
      case "storeNew", "handleNew", "nextDropped", "call", "enter", "keep", "put" -> {}
      default -> {
        for (CFunctions.Transfer transfer : transfers(function)) {
          if (!transfer.acquired()) {
            count(transfer, (MemorySegment) args[transfer.argument()]);
          }
        }
      }
    }
  }

  /** After a call. */
  public static void after(String function, Object[] args, Object result) {
    switch (function) {
      case "storeNew" -> count("wasmtime_store_t", true, 1);
      case "storeDelete" -> {}
      case "handleNew" -> count("wjvm_handle", true, 1);
      case "nextDropped" -> count("wjvm_handle", false, (long) result < 0 ? 0 : 1);
      case "call", "enter" -> entered(args, (int) result);
      case "keep" -> count("wasm_trap_t", false, (long) result > 1 ? 1 : 0);
      case "put" -> {
        if (args[4].equals("host function result")) { // the engine takes it over
          value((MemorySegment) args[3], false);
        }
      }
      default -> {
        if (succeeded(function, result)) {
          acquired(function, args, result);
        } else {
          acquired(function, new Object[args.length], result);
        }
      }
    }
  }

  private static boolean succeeded(String function, Object result) {
    return switch (result) {
      case null -> true;
      case Boolean success -> success;
      case MemorySegment pointer -> pointer.address() == 0 || !mayFail(function);
      default -> true;
    };
  }

  private static boolean mayFail(String function) {
    return transfers(function).stream()
        .anyMatch(
            t ->
                t.argument() < 0
                    && (t.type().equals("wasmtime_error_t") || t.type().equals("wasm_trap_t")));
  }

  private static void acquired(String function, Object[] args, Object result) {
    for (CFunctions.Transfer transfer : transfers(function)) {
      Object object = transfer.argument() < 0 ? result : args[transfer.argument()];
      if (transfer.acquired() && object != null) {
        count(transfer, (MemorySegment) object);
      }
    }
  }

  private static List<CFunctions.Transfer> transfers(String function) {
    return TRANSFERS.computeIfAbsent(function, FUNCTIONS::transfers);
  }

  private static void entered(Object[] args, int status) {
    if (status == Shim.FAILED) {
      MemorySegment store = MemorySegment.ofAddress((long) args[0]).reinterpret(ERROR + 8);
      count("wasm_trap_t", true, store.get(JAVA_LONG_UNALIGNED, TRAP) == 0 ? 0 : 1);
      count("wasmtime_error_t", true, store.get(JAVA_LONG_UNALIGNED, ERROR) == 0 ? 0 : 1);
    } else if (status == Shim.OK && args.length > 4 && (long) args[1] == Shim.FUNC_CALL) {
      long results = (long) args[7];
      long count = (long) args[8];
      for (int i = 0; i < count; i++) {
        value(MemorySegment.ofAddress(results + i * WasmtimeVal.wasmtime_val_t.SIZEOF), true);
      }
    }
  }

  private static void count(CFunctions.Transfer transfer, MemorySegment object) {
    boolean acquired = transfer.acquired();
    String type = transfer.type();
    switch (transfer.form()) {
      case POINTER -> count(type, acquired, object.address() == 0 ? 0 : 1);
      case POINTER_OUT ->
          count(type, acquired, object.reinterpret(8).get(ADDRESS, 0).address() == 0 ? 0 : 1);
      case STRUCT -> {
        switch (type) {
          case "wasmtime_val_t" -> value(object, acquired);
          case "wasmtime_extern_t" ->
              count("wasmtime_sharedmemory_t", acquired, isShared(object) ? 1 : 0);
          case "wasm_valtype_vec_t" -> {
            count(type, acquired, 1);
            if (!acquired) { // its elements, too
              count("wasm_valtype_t", false, word(object));
            }
          }
          default -> count(type, acquired, type.endsWith("ref_t") && word(object) == 0 ? 0 : 1);
        }
      }
    }
  }

  // The root that a value has if it is a reference into the heap, and not null.
  private static void value(MemorySegment value, boolean acquired) {
    MemorySegment sized =
        MemorySegment.ofAddress(value.address()).reinterpret(WasmtimeVal.wasmtime_val_t.SIZEOF);
    String type =
        switch (sized.get(JAVA_BYTE, 0)) {
          case WasmtimeVal.WASMTIME_ANYREF -> "wasmtime_anyref_t";
          case WasmtimeVal.WASMTIME_EXTERNREF -> "wasmtime_externref_t";
          case WasmtimeVal.WASMTIME_EXNREF -> "wasmtime_exnref_t";
          default -> null;
        };
    if (type != null) {
      count(type, acquired, word(sized.asSlice(WasmtimeVal.wasmtime_val_t.of$OFFSET)) == 0 ? 0 : 1);
    }
  }

  // The other items are numbers in a store.
  private static boolean isShared(MemorySegment item) {
    byte kind = MemorySegment.ofAddress(item.address()).reinterpret(1).get(JAVA_BYTE, 0);
    return kind == WasmtimeExtern.WASMTIME_EXTERN_SHAREDMEMORY;
  }

  private static long word(MemorySegment struct) {
    return MemorySegment.ofAddress(struct.address()).reinterpret(8).get(JAVA_LONG_UNALIGNED, 0);
  }

  private static void count(String type, boolean acquired, long number) {
    Count count = COUNTS.computeIfAbsent(type, t -> new Count(new LongAdder(), new LongAdder()));
    (acquired ? count.acquired : count.released).add(number);
  }
}
