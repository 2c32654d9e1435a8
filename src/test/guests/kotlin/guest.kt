@file:OptIn(UnsafeWasmMemoryApi::class, ExperimentalWasmInterop::class)

import kotlin.wasm.ExperimentalWasmInterop
import kotlin.wasm.WasmImport
import kotlin.wasm.unsafe.MemoryAllocator
import kotlin.wasm.unsafe.Pointer
import kotlin.wasm.unsafe.UnsafeWasmMemoryApi
import kotlin.wasm.unsafe.withScopedMemoryAllocator

// Kotlin's standard library has println, and nothing else, over WASI.

@WasmImport("wasi_snapshot_preview1", "args_sizes_get")
external fun argsSizesGet(count: Int, size: Int): Int

@WasmImport("wasi_snapshot_preview1", "args_get")
external fun argsGet(pointers: Int, bytes: Int): Int

@WasmImport("wasi_snapshot_preview1", "environ_sizes_get")
external fun environSizesGet(count: Int, size: Int): Int

@WasmImport("wasi_snapshot_preview1", "environ_get")
external fun environGet(pointers: Int, bytes: Int): Int

@WasmImport("wasi_snapshot_preview1", "path_open")
external fun pathOpen(
    directory: Int, lookup: Int, path: Int, size: Int, create: Int, rights: Long, inherited: Long,
    flags: Int, result: Int,
): Int

@WasmImport("wasi_snapshot_preview1", "fd_read")
external fun fdRead(file: Int, vectors: Int, count: Int, result: Int): Int

@WasmImport("wasi_snapshot_preview1", "fd_write")
external fun fdWrite(file: Int, vectors: Int, count: Int, result: Int): Int

@WasmImport("wasi_snapshot_preview1", "fd_close")
external fun fdClose(file: Int): Int

@WasmImport("wasi_snapshot_preview1", "proc_exit")
external fun procExit(status: Int)

const val STDERR = 2

// The only preopened directory is the first descriptor after the streams.
const val DATA = 3
const val CREATE_AND_TRUNCATE = 1 or 8
const val READ = 2L
const val WRITE = 64L

fun check(error: Int) = check(error == 0) { "error $error" }

fun Pointer.address() = address.toInt()

fun Pointer.bytes(size: Int) = ByteArray(size) { (this + it).loadByte() }

fun MemoryAllocator.store(bytes: ByteArray): Pointer {
    val at = allocate(bytes.size)
    bytes.forEachIndexed { i, byte -> (at + i).storeByte(byte) }
    return at
}

fun MemoryAllocator.vector(of: Pointer, size: Int): Pointer {
    val vector = allocate(8)
    vector.storeInt(of.address())
    (vector + 4).storeInt(size)
    return vector
}

/** The arguments or the environment: texts that end in a zero each. */
fun texts(sizes: (Int, Int) -> Int, get: (Int, Int) -> Int): List<String> =
    withScopedMemoryAllocator { memory ->
        val count = memory.allocate(8)
        check(sizes(count.address(), count.address() + 4))
        val pointers = memory.allocate(4 * count.loadInt() + 4)
        val size = (count + 4).loadInt()
        val bytes = memory.allocate(size + 1)
        check(get(pointers.address(), bytes.address()))
        bytes.bytes(size).decodeToString().split('\u0000').dropLast(1)
    }

fun open(name: String, create: Int, rights: Long): Int = withScopedMemoryAllocator { memory ->
    val path = name.encodeToByteArray()
    val result = memory.allocate(4)
    check(
        pathOpen(
            DATA, 0, memory.store(path).address(), path.size, create, rights, 0, 0, result.address(),
        )
    )
    result.loadInt()
}

fun read(file: Int): String = withScopedMemoryAllocator { memory ->
    val buffer = memory.allocate(100)
    val result = memory.allocate(4)
    check(fdRead(file, memory.vector(buffer, 100).address(), 1, result.address()))
    buffer.bytes(result.loadInt()).decodeToString()
}

fun write(file: Int, text: String) = withScopedMemoryAllocator { memory ->
    val bytes = text.encodeToByteArray()
    val vector = memory.vector(memory.store(bytes), bytes.size)
    check(fdWrite(file, vector.address(), 1, memory.allocate(4).address()))
}

fun copyFile() {
    val input = open("in.txt", 0, READ)
    val text = read(input)
    check(fdClose(input))
    val output = open("out.txt", CREATE_AND_TRUNCATE, WRITE)
    write(output, "Kotlin read: $text")
    check(fdClose(output))
}

fun main() {
    val args = texts(::argsSizesGet, ::argsGet)
    when (args.getOrNull(1)) {
        "hello" -> {
            println("hello from Kotlin")
            write(STDERR, "Kotlin complains\n")
        }
        "args" -> args.drop(2).forEach { println("[$it]") }
        "env" -> {
            val env = texts(::environSizesGet, ::environGet).associate {
                it.substringBefore('=') to it.substringAfter('=')
            }
            println("${env["GREETING"]}, ${env["ABSENT"] ?: "absent"}")
        }
        "file" -> copyFile()
        "exit" -> procExit(args[2].toInt())
        "crash" -> throw IllegalStateException("Kotlin crashes")
        "return" -> {}
        else -> procExit(64)
    }
}
