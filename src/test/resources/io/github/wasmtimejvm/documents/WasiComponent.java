// prints: 3
class WasiComponent {
  private static final String GUEST =
      """
      (component
        (import "wasi:cli/exit@0.2.0" (instance $exit
          (export "exit-with-code" (func (param "status-code" u8)))))
        (core func $exit (canon lower (func $exit "exit-with-code")))
        (core module $code
          (import "exit" "exit-with-code" (func $exit (param i32)))
          (func (export "run") (result i32) (call $exit (i32.const 3)) unreachable))
        (core instance $code (instantiate $code
          (with "exit" (instance (export "exit-with-code" (func $exit))))))
        (func $run (result (result)) (canon lift (core func $code "run")))
        (instance $run (export "run" (func $run)))
        (export "wasi:cli/run@0.2.0" (instance $run)))
      """;

  public static void main(String[] args) throws Exception {
    Files.write(Path.of("program.wasm"), Module.wat2wasm(GUEST));
    try (Engine engine = Engine.create()) {
      // block
      System.out.println(status.code());
    }
  }
}
