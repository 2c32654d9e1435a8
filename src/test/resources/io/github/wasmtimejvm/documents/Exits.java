// prints: 0
class Exits {
  private static final String GUEST =
      """
      (module
        (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
        (memory (export "memory") 1)
        (func (export "_start") (call $proc_exit (i32.const 0))))
      """;

  public static void main(String[] args) {
    try (Engine engine = Engine.create();
        Module module = Module.fromWat(engine, GUEST);
        Linker linker = Linker.create(engine);
        Store store = Store.create(engine)) {
      linker.defineWasi();
      WasiConfig.builder().build().applyTo(store);
      Func start = linker.instantiate(store, module).func("_start");
      // block
      System.out.println(status.code());
    }
  }
}
