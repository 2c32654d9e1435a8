package io.github.wasmtimejvm.spi;

import java.io.IOException;
import java.io.InputStream;

/**
 * The native libraries of one platform. Each natives jar (a Maven classifier of this artifact) has
 * one implementation, which {@link java.util.ServiceLoader} finds; an application uses none of
 * this.
 *
 * <p>The files of a bundle are the engine, the shim, and {@code natives.properties}, which
 * describes them:
 *
 * <table>
 * <caption>The keys of natives.properties</caption>
 * <tr><th>key</th><th>value</th></tr>
 * <tr><td>{@code platform}</td><td>the same as {@link #platform()}</td></tr>
 * <tr><td>{@code engine.version}</td><td>the version of Wasmtime</td></tr>
 * <tr><td>{@code engine.file}, {@code shim.file}</td><td>the names of the two libraries</td></tr>
 * <tr><td>{@code engine.size}, {@code shim.size}</td><td>their sizes in bytes</td></tr>
 * <tr><td>{@code engine.sha256}, {@code shim.sha256}</td><td>their hashes, in hexadecimal</td></tr>
 * <tr><td>{@code content.sha256}</td><td>one hash over the whole bundle</td></tr>
 * </table>
 */
public interface NativesProvider {
  /**
   * Returns the platform whose libraries these are, for example {@code linux-x86_64}: the Maven
   * classifier. Threads: any.
   *
   * @return the platform's name
   */
  String platform();

  /**
   * Opens a file of the bundle. Threads: any.
   *
   * @param file its name, for example {@code natives.properties}
   * @return the bytes of the file, to be closed by the caller
   * @throws IOException if the bundle has no such file, or it cannot be read
   */
  InputStream open(String file) throws IOException;
}
