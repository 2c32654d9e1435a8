package io.github.wasmtimejvm.wasi;

import io.github.wasmtimejvm.Caller;
import io.github.wasmtimejvm.ExitException;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.HostFunction;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.internal.Access;
import io.github.wasmtimejvm.internal.WasiState;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A WASI configuration at work in one store: what stands in front of the engine's functions. */
final class WasiStore implements WasiState {
  private static final String EXIT = "proc_exit";

  // One function for each name in all stores, so that instances can be prepared for all of them.
  private static final Map<String, HostFunction> FUNCTIONS = new ConcurrentHashMap<>();

  private final Map<String, List<WasiFunction>> inFront;
  private final @Nullable Behind behind;
  private final Set<String> passedOn = new HashSet<>(); // names
  private final Runnable end;

  // The engine's functions, by the guest's memory and their name.
  private final Map<Object, Map<String, Func>> engines = new HashMap<>();

  /**
   * @param inFront what stands in front of the functions of those names, the first before the
   *     others
   * @param behind the engine's functions, {@code null} if nothing is in front
   * @param end what to do in the end
   */
  WasiStore(Map<String, List<WasiFunction>> inFront, @Nullable Behind behind, Runnable end) {
    this.inFront = inFront;
    this.behind = behind;
    this.end = end;
    passedOn.addAll(inFront.keySet());
    passedOn.remove(EXIT); // there is nothing of the engine's behind it
    passedOn.add("clock_time_get"); // waiting until a moment asks for it
  }

  /**
   * Prepares for calls that are passed on, as long as the engine is open.
   *
   * @throws IllegalArgumentException if something is in front of a function that WASI has not
   */
  void prepare(Store store) {
    if (behind != null) {
      behind.prepare(store, passedOn);
    }
  }

  /** Returns what guests call in place of the functions that something stands in front of. */
  Map<String, HostFunction> functions() {
    Map<String, HostFunction> functions = new HashMap<>();
    for (String name : inFront.keySet()) {
      functions.put(name, FUNCTIONS.computeIfAbsent(name, WasiStore::function));
    }
    return functions;
  }

  private static HostFunction function(String name) {
    boolean returns = !name.equals(EXIT);
    return (caller, args) -> {
      WasiStore store = (WasiStore) Access.get().state(caller.store()).wasi();
      int errno = Objects.requireNonNull(store).call(name, caller, args, 0);
      return returns ? errno : null;
    };
  }

  /**
   * Calls what stands in front of a function, or the engine's if there is no more.
   *
   * @param next which of those in front of it, from 0
   */
  int call(String name, Caller caller, @Nullable Object[] args, int next) throws Throwable {
    List<WasiFunction> functions = inFront.getOrDefault(name, List.of());
    if (next < functions.size()) {
      return functions.get(next).call(new WasiCall(this, name, caller, args, next + 1));
    }
    if (name.equals(EXIT)) {
      throw new ExitException((int) Objects.requireNonNull(args[0]));
    }
    return (int) Objects.requireNonNull(engines(name, caller).call(args));
  }

  private Func engines(String name, Caller caller) {
    GuestMemory memory = GuestMemory.of(caller);
    Map<String, Func> known = engines.computeIfAbsent(memory.key(), _ -> new HashMap<>());
    Func function = known.get(name);
    if (function == null) {
      // Instances that were made under another configuration may ask for other names.
      Set<String> names = passedOn.contains(name) ? passedOn : Set.of(name);
      Behind own = behind == null ? Behind.of(caller.store().engine()) : behind;
      Instance instance = own.instantiate(caller.store(), names, memory.item());
      names.forEach(each -> known.put(each, instance.func(each)));
      function = Objects.requireNonNull(known.get(name));
    }
    return function;
  }

  @Override
  public void end() {
    end.run();
  }
}
