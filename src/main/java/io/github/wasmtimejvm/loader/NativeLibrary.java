package io.github.wasmtimejvm.loader;

import io.github.wasmtimejvm.spi.NativesProvider;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * The two native libraries, the engine and our shim, loaded once and never unloaded.
 *
 * <p>They live in the global arena: the engine installs signal handlers that would dangle if its
 * code were unmapped, and the next null check of the JVM would then end the process.
 */
public final class NativeLibrary {
  /** System property: path of a Wasmtime C API library to load instead of the packaged one. */
  static final String LIBRARY_PROPERTY = "wasmtimejvm.library";

  /** System property: path of the shim to load instead of the packaged one. */
  static final String SHIM_PROPERTY = "wasmtimejvm.shim";

  // The only trace of its version in the library; the patch number does not show.
  private static final String VERSION_SYMBOL = "resolve_vmctx_memory_ptr_50_0_0";
  private static final String VERSION = "50.0";

  /** The shim's first function; the number says which version of it these classes go with. */
  public static final String SHIM_INIT = "wjvm_init_11";

  /**
   * Name of the logger. It is only asked for where something out of the ordinary happens: the first
   * logger of a process takes 10 to 40 ms.
   */
  private record Loaded(SymbolLookup engine, SymbolLookup shim, boolean packaged) {}

  private static volatile @Nullable Loaded loaded;

  private NativeLibrary() {}

  /**
   * Returns the symbols of the Wasmtime library.
   *
   * @throws UnsatisfiedLinkError if the libraries cannot be loaded; the message says what to do
   */
  public static SymbolLookup engine() {
    return loaded().engine();
  }

  /**
   * Returns the symbols of the shim.
   *
   * @throws UnsatisfiedLinkError if the libraries cannot be loaded; the message says what to do
   */
  public static SymbolLookup shim() {
    return loaded().shim();
  }

  private static Loaded loaded() {
    Loaded done = loaded;
    return done != null ? done : load();
  }

  // A failure is not remembered: the next call says the same sentence again, not a
  // NoClassDefFoundError.
  private static synchronized Loaded load() {
    Loaded done = loaded;
    if (done == null) {
      done = doLoad();
      loaded = done;
    }
    return done;
  }

  private static Loaded doLoad() {
    Path library = chosen(LIBRARY_PROPERTY);
    Path shim = chosen(SHIM_PROPERTY);
    if (library != null || shim != null) {
      Log.log(Level.DEBUG, "Chosen by the user: engine {0}, shim {1}.", library, shim);
    }
    if (library != null && shim != null) {
      return new Loaded(checkedEngine(library), checkedShim(shim), false);
    }
    LibraryFiles found = LibraryFiles.of(provider(Platform.host()));
    if (found.isKept()) {
      try {
        return load(found, library, shim);
      } catch (CannotOpenError e) {
        if (!found.has(e.file)) {
          throw e;
        }
        found = found.afterFailure(e);
      }
    }
    try (LibraryFiles files = found) {
      return load(files, library, shim);
    }
  }

  private static Loaded load(LibraryFiles files, @Nullable Path library, @Nullable Path shim) {
    return new Loaded(
        checkedEngine(library != null ? library : files.engine()),
        checkedShim(shim != null ? shim : files.shim()),
        library == null);
  }

  /** Whether the engine is the library that is packaged, and not one that the user has chosen. */
  public static boolean isPackaged() {
    return loaded().packaged();
  }

  private static @Nullable Path chosen(String property) {
    String file = System.getProperty(property);
    try {
      return file == null ? null : Path.of(file);
    } catch (InvalidPathException e) {
      throw failure("-D" + property + " is no path: " + e.getMessage(), e);
    }
  }

  private static NativesProvider provider(String platform) {
    try {
      for (NativesProvider provider :
          ServiceLoader.load(NativesProvider.class, NativeLibrary.class.getClassLoader())) {
        if (platform.equals(provider.platform())) {
          return provider;
        }
      }
    } catch (ServiceConfigurationError | LinkageError e) {
      throw failure("A wasmtime-jvm natives jar is damaged: " + e.getMessage(), e);
    }
    throw new UnsatisfiedLinkError(
        "No native library for "
            + platform
            + " on the class path or module path; add the dependency"
            + " io.github.wasmtimejvm:wasmtime-jvm with <classifier>"
            + platform
            + "</classifier>, in the version of wasmtime-jvm itself, or wasmtime-jvm-natives, which"
            + " has all platforms. An image made by jlink needs --add-modules"
            + " io.github.wasmtimejvm.natives."
            + platform.replace('-', '_')
            + ".");
  }

  private static SymbolLookup checkedEngine(Path path) {
    SymbolLookup symbols = lookup(path);
    if (symbols.find(VERSION_SYMBOL).isEmpty()) {
      throw new UnsatisfiedLinkError(
          path
              + " is not the Wasmtime C API "
              + VERSION
              + ", the only version this release binds.");
    }
    return symbols;
  }

  private static SymbolLookup checkedShim(Path path) {
    SymbolLookup symbols = lookup(path);
    if (symbols.find(SHIM_INIT).isEmpty()) {
      throw new UnsatisfiedLinkError(
          path + " is not the shim of this release of wasmtime-jvm; use jars of one version.");
    }
    return symbols;
  }

  @SuppressWarnings("restricted") // loading native code is what this class is for
  private static SymbolLookup lookup(Path path) {
    try {
      return SymbolLookup.libraryLookup(path, Arena.global());
    } catch (IllegalCallerException e) {
      throw failure(
          "Native access is not enabled: start java with --enable-native-access=ALL-UNNAMED, or"
              + " --enable-native-access=io.github.wasmtimejvm on the module path; a jar started by"
              + " java -jar may have Enable-Native-Access: ALL-UNNAMED in its manifest.",
          e);
    } catch (IllegalArgumentException e) {
      throw new CannotOpenError(path, e);
    }
  }

  /** The system does not load a file. */
  private static final class CannotOpenError extends UnsatisfiedLinkError {
    private static final long serialVersionUID = 1;

    private final transient Path file;

    CannotOpenError(Path file, IllegalArgumentException cause) {
      super(
          "Cannot load "
              + file
              + " ("
              + cause.getMessage()
              + "): its folder may be mounted noexec (choose another with -D"
              + CacheFolder.PROPERTY
              + ", or with -D"
              + LibraryFiles.TEMPORARY_PROPERTY
              + " for a temporary copy), it may be built for another C library (glibc, musl), or"
              + " libgcc_s.so.1 may be missing (install libgcc).");
      this.file = file;
      initCause(cause);
    }
  }

  static UnsatisfiedLinkError failure(String message, Throwable cause) {
    UnsatisfiedLinkError error = new UnsatisfiedLinkError(message);
    error.initCause(cause);
    return error;
  }
}
