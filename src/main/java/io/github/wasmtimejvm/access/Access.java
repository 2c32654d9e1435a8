package io.github.wasmtimejvm.access;

import io.github.wasmtimejvm.CompileException;
import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.EngineException;
import io.github.wasmtimejvm.HostFunction;
import io.github.wasmtimejvm.LinkException;
import io.github.wasmtimejvm.Linker;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.internal.NativeObject;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How the packages above the root package reach what lies behind its public objects, without any
 * method for this in the public API. The root package installs its implementation when its class
 * {@link Engine} is initialized.
 */
public abstract class Access {
  private static volatile @Nullable Access installed;

  /** For the root package's implementation. */
  protected Access() {}

  /** Installs the root package's implementation. */
  public static void install(Access access) {
    installed = access;
  }

  /** Returns the root package's implementation; whoever has an engine may ask. */
  public static Access get() {
    return Objects.requireNonNull(installed);
  }

  /** Returns the state behind a store. */
  public abstract StoreState state(Store store);

  /**
   * Throws the exception for an error.
   *
   * @param error a {@code wasmtime_error_t*} or {@code NULL}, taken from the caller
   */
  public abstract void check(MemorySegment error);

  /**
   * Throws an exception if the engine cannot have what it needs.
   *
   * @param refusal what {@link io.github.wasmtimejvm.internal.Runtimes} says about it
   */
  public abstract void checkReady(@Nullable String refusal);

  /**
   * Replaces functions of WASI by host functions, in instances made from now on.
   *
   * @param functions the host functions by name; for one name the same in all stores
   */
  public abstract void intercept(Store store, Map<String, HostFunction> functions);

  /**
   * Sets whether exits in a store are WebAssembly exceptions, so that the guests' handlers run.
   *
   * @throws IllegalStateException if its engine has no exceptions
   */
  public abstract void setUnwindingExit(Store store, boolean unwinding);

  /** Returns a linker with the engine's own functions of WASI, which no store intercepts. */
  public abstract Linker plainWasi(Engine engine);

  /**
   * Returns the object of a class that is kept with an engine until the engine is closed.
   *
   * @param engine an open engine
   * @param make makes the object, the first time
   */
  public abstract <T> T attachment(Engine engine, Class<T> type, Function<Engine, T> make);

  /**
   * Makes the exception for a guest that was stopped.
   *
   * @param reason a constant of {@link io.github.wasmtimejvm.internal.Ticker}
   */
  public abstract RuntimeException stopped(int reason);

  /** Returns the owner of an engine's native object. */
  public abstract NativeObject object(Engine engine);

  /** Returns the owner of a module's native object. */
  public abstract NativeObject object(Module module);

  /** Returns what can be done with compiled components. */
  public abstract <T> CompiledCode<T> compiledComponents(CompiledKind<T> kind);

  /**
   * Throws an exception if the engine cannot compile.
   *
   * @throws io.github.wasmtimejvm.EngineException if the system refuses the compiler its threads
   */
  public abstract void checkCompiler(Engine engine);

  /**
   * Throws a {@link io.github.wasmtimejvm.CompileException} for an error.
   *
   * @param error a {@code wasmtime_error_t*} or {@code NULL}, taken from the caller
   */
  public abstract void checkCompile(MemorySegment error);

  /**
   * Returns the binary of what stands in a file, in the binary or the text format.
   *
   * @throws CompileException if it is a text that is not well-formed
   */
  public abstract byte[] binary(byte[] content);

  /** Makes an exception for something that cannot be compiled. */
  public abstract CompileException compileException(String message);

  /** Makes an exception for imports that nothing fits. */
  public abstract LinkException linkException(String message);

  /**
   * Calls a C function that may run a component, within a use of the store. Whatever ends it
   * otherwise than by a return spends the components of the store.
   *
   * @param function a constant of {@link io.github.wasmtimejvm.internal.Shim}
   * @param argc how many of the arguments the function takes: 2, 4 or 6
   */
  public abstract void enterComponent(
      StoreState state, long function, int argc, long a, long b, long c, long d, long e, long f);

  /** Whether an engine's components are called directly where that is possible. */
  public abstract boolean callsDirectly(Engine engine);

  /** Whether guests of an engine can be stopped from outside. */
  public abstract boolean isInterruptible(Engine engine);

  /** Whether guests of an engine consume fuel. */
  public abstract boolean consumesFuel(Engine engine);

  /** Lets a store have more core instances and memories than its limits say: no guest's. */
  public abstract void allow(Store store, int instances, int memories);

  /** Makes an exception for a guest that breaks the rules of components. */
  public abstract EngineException engineException(String message);
}
