/**
 * The Wasmtime C API, function by function: the target for those who embed Wasmtime in C and move
 * to Java line by line. Everyone else is better served by {@link io.github.wasmtimejvm}.
 *
 * <p>There is one class per C header, and it carries the header's name: {@code wasmtime/func.h} is
 * {@link io.github.wasmtimejvm.capi.WasmtimeFunc}. Its static methods, constants and structs have
 * the C names, so with static imports
 *
 * {@snippet :
 * MemorySegment engine = wasm_engine_new();
 * MemorySegment store = wasmtime_store_new(engine, MemorySegment.NULL, MemorySegment.NULL);
 * MemorySegment context = wasmtime_store_context(store);
 * }
 *
 * <p>reads as it did in C. All but {@code CLinker} is generated, by {@code scripts/generate-capi}.
 *
 * <h2>Safety</h2>
 *
 * <p>Nothing is checked. A wrong argument, a pointer used after its deletion, two threads in one
 * store, a guest that recurses deeper than the thread's stack: each ends the process, and often
 * without a message. What the C documentation says of ownership, threads and stores holds word for
 * word.
 *
 * <h2>From C to Java</h2>
 *
 * <ul>
 *   <li>Every pointer is a {@link java.lang.foreign.MemorySegment}, {@code NULL} is {@link
 *       java.lang.foreign.MemorySegment#NULL}, and a segment that C returned has no size until
 *       {@code reinterpret} gives it one. {@code size_t} is {@code long}, {@code uint8_t} is {@code
 *       byte}, {@code bool} is {@code boolean}; Java's types are signed.
 *   <li>{@code wasmtime_val_t val} becomes {@code arena.allocate(wasmtime_val_t.LAYOUT)}, {@code
 *       val.kind} becomes {@code val.get(JAVA_BYTE, wasmtime_val_t.kind$OFFSET)}, and {@code
 *       val.of.i32} adds the offsets of {@code of} and {@code i32}. {@code wasm_name_t} and {@code
 *       wasm_message_t} are other names of {@code wasm_byte_vec_t}.
 *   <li>What C reads during a call may lie in an arena. What C takes over, it frees: vectors that a
 *       function consumes must come from {@code wasm_byte_vec_new} and its kin.
 *   <li>A callback type is a class with the signature and {@code allocate}, which makes a C
 *       function of a method handle; a callback that the header does not name is called {@code
 *       function$parameter}. A {@code Throwable} that escapes a callback ends the VM, a {@code
 *       StackOverflowError} included. Finalizers run on any thread, at any depth.
 * </ul>
 *
 * <h2>What is missing</h2>
 *
 * <p>The functions that {@code wasmtime_*} supersedes in {@code wasm.h} (stores, modules,
 * instances, functions, values and so on), everything asynchronous, since Java cannot be called on
 * a fiber's stack, and host-created memories. The table in {@code scripts/capi/choices.py} has the
 * names and the reasons.
 */
package io.github.wasmtimejvm.capi;
