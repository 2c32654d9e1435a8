/**
 * WebAssembly on the JVM by the Wasmtime engine.
 *
 * <p>An {@link io.github.wasmtimejvm.Engine} compiles a {@link io.github.wasmtimejvm.Module}; a
 * {@link io.github.wasmtimejvm.Linker} gives it its imports and makes an {@link
 * io.github.wasmtimejvm.Instance} of it in a {@link io.github.wasmtimejvm.Store}; the instance
 * exports a {@link io.github.wasmtimejvm.Func} or a {@link io.github.wasmtimejvm.Memory}.
 *
 * <pre>{@code
 * try (Engine engine = Engine.create();
 *     Module module = Module.fromFile(engine, Path.of("add.wasm"));
 *     Linker linker = Linker.create(engine);
 *     Store store = Store.create(engine)) {
 *   Instance instance = linker.instantiate(store, module);
 *   int sum = (int) instance.func("add").call(1, 2);
 * }
 * }</pre>
 *
 * <h2>Lifetimes</h2>
 *
 * Engines, modules, linkers and stores hold native memory and are closed, in any order; what was
 * forgotten is reclaimed by the garbage collector some day; not so a store or linker that one of
 * its own host functions refers to, as the engine holds on to its host functions. Functions,
 * memories and instances live in their store and end with it. Using anything after its end throws
 * {@link java.lang.IllegalStateException}, as does closing a store whose guest is running.
 *
 * <h2>Threads</h2>
 *
 * Engines, modules and linkers may be used by any number of threads at once. A store, and all that
 * lives in it, belongs to the thread that created it; {@link
 * io.github.wasmtimejvm.Store#createShared} makes one that threads take turns in. Each method says
 * which threads may call it:
 *
 * <ul>
 *   <li>Threads: any. Also several at once.
 *   <li>Threads: the store's. The one that the store belongs to; another one gets a {@link
 *       java.lang.WrongThreadException}, and nothing has happened. Any if the store is a shared
 *       one: then it waits until no other is using the store.
 *   <li>Threads: the guest's. The one in which the guest runs that called into Java, until that
 *       call returns: these are callbacks, and what callbacks are given.
 *   <li>Threads: one at a time. Any, but never two at once, which nothing checks: for builders.
 * </ul>
 *
 * <p>What never changes says it once, here: components of records, constants of enums and what
 * exceptions hold may be read by any thread.
 *
 * <h2>Outcomes of a call</h2>
 *
 * Whatever runs a guest returns normally or throws one of the sealed family under {@link
 * io.github.wasmtimejvm.WasmtimeException}, or, unchanged, whatever a host function threw. A
 * program that ends by exiting, also with status 0, unwinds the guest: this is an {@link
 * io.github.wasmtimejvm.ExitException}, which {@link io.github.wasmtimejvm.wasi.ExitStatus} turns
 * into a plain number.
 *
 * <h2>Seeing inside</h2>
 *
 * <ul>
 *   <li>A guest's frames are in the Java stack trace, with source lines if it was compiled with
 *       debugging information: {@link io.github.wasmtimejvm.WasmFrame}.
 *   <li>{@link io.github.wasmtimejvm.GuestProfiler} samples a guest.
 *   <li>The Flight Recorder gets the events {@code wasmtime.Compile}, {@code wasmtime.Instantiate}
 *       (of a millisecond and more, unless configured otherwise), {@code wasmtime.Trap}, {@code
 *       wasmtime.Exit} and, if it is enabled, {@code wasmtime.Call}.
 *   <li>Trouble with the cached native libraries and modules, and with the thread that ends guests
 *       at their deadlines, is logged to the {@link java.lang.System.Logger} {@code
 *       io.github.wasmtimejvm}. Nothing is printed otherwise.
 * </ul>
 */
@org.jspecify.annotations.NullMarked
package io.github.wasmtimejvm;
