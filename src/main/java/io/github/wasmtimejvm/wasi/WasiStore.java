package io.github.wasmtimejvm.wasi;

import io.github.wasmtimejvm.Caller;
import io.github.wasmtimejvm.ExitException;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.HostFunction;
import io.github.wasmtimejvm.Instance;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.access.Access;
import io.github.wasmtimejvm.internal.WasiState;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A WASI configuration at work in one store: the chains of functions that intercept WASI. */
final class WasiStore implements WasiState {
  private static final String EXIT = "proc_exit";

  // Shared by all stores, so that a prepared instance can be used with any of them. The function
  // looks up the store's own chain when it is called.
  private static final Map<String, HostFunction> FUNCTIONS = new ConcurrentHashMap<>();

  private final Map<String, List<WasiFunction>> chains;
  private final @Nullable EngineWasi engineWasi;
  private final Set<String> passedOn = new HashSet<>(); // names
  private final WasiConfig config;
  private final Runnable end;

  // The engine's functions, by the guest's memory and their name.
  private final Map<Object, Map<String, Func>> engines = new HashMap<>();

  /**
   * @param chains the functions that intercept each name; the first of a chain is called first
   * @param engineWasi the engine's own functions, {@code null} if nothing is intercepted
   * @param config the configuration
   * @param end what to do in the end
   */
  WasiStore(
      Map<String, List<WasiFunction>> chains,
      @Nullable EngineWasi engineWasi,
      WasiConfig config,
      Runnable end) {
    this.chains = chains;
    this.engineWasi = engineWasi;
    this.config = config;
    this.end = end;
    passedOn.addAll(chains.keySet());
    passedOn.remove(EXIT); // the engine's own is never called
    passedOn.add("clock_time_get"); // waiting until a moment asks for it
  }

  /**
   * Prepares for calls that are passed on, as long as the engine is open.
   *
   * @throws IllegalArgumentException if a name is intercepted that WASI does not have
   */
  void prepare(Store store) {
    if (engineWasi != null) {
      engineWasi.prepare(store, passedOn);
    }
  }

  /** Returns the host functions that guests call in place of the intercepted functions. */
  Map<String, HostFunction> functions() {
    Map<String, HostFunction> functions = new HashMap<>();
    for (String name : chains.keySet()) {
      functions.put(name, FUNCTIONS.computeIfAbsent(name, WasiStore::function));
    }
    return functions;
  }

  private static HostFunction function(String name) {
    boolean returns = !name.equals(EXIT);
    return (caller, args) -> {
      WasiStore store = Access.get().state(caller.store()).wasi(WasiStore.class);
      int errno = Objects.requireNonNull(store).call(name, caller, args, 0);
      return returns ? errno : null;
    };
  }

  /**
   * Calls a function of the chain for a name, or the engine's own after the last one.
   *
   * @param next which function of the chain, from 0
   */
  int call(String name, Caller caller, @Nullable Object[] args, int next) throws Throwable {
    List<WasiFunction> functions = chains.getOrDefault(name, List.of());
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
      EngineWasi own = engineWasi == null ? EngineWasi.of(caller.store().engine()) : engineWasi;
      Instance instance = own.instantiate(caller.store(), names, memory.item());
      names.forEach(each -> known.put(each, instance.func(each)));
      function = Objects.requireNonNull(known.get(name));
    }
    return function;
  }

  @Override
  public @Nullable String refusalOfComponent(boolean http) {
    return ComponentSettings.refusal(config, http);
  }

  @Override
  public Waiting waiting() {
    if (config.network || config.http) {
      return Waiting.ANYWHERE;
    }
    return config.stdin instanceof Stdio.Inherited ? Waiting.READING : Waiting.NOWHERE;
  }

  @Override
  public void end() {
    end.run();
  }
}
