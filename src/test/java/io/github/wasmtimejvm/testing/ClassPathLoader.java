package io.github.wasmtimejvm.testing;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Class loaders that have the classes of this JVM's class path once more, for a child JVM. */
public final class ClassPathLoader {
  private ClassPathLoader() {}

  /** Another such class loader; the caller closes it. */
  public static URLClassLoader create() throws MalformedURLException {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    // Not the application's class loader as the parent, which would give the classes it has.
    return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }
}
