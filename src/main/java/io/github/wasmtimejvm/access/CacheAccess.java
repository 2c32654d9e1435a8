package io.github.wasmtimejvm.access;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.ModuleCache;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the packages above the root package use a cache for other code than modules. The class {@link
 * ModuleCache} installs its implementation when it is initialized.
 */
public abstract class CacheAccess {
  private static volatile @Nullable CacheAccess installed;

  /** For the root package's implementation. */
  protected CacheAccess() {}

  /** Installs the root package's implementation. */
  public static void install(CacheAccess access) {
    installed = access;
  }

  /** Returns the root package's implementation; whoever has a cache may ask. */
  public static CacheAccess get() {
    return Objects.requireNonNull(installed);
  }

  /** Loads code from a cache, or compiles it and puts it there. */
  public abstract <T> T get(ModuleCache cache, CompiledCode<T> code, Engine engine, byte[] wasm);
}
