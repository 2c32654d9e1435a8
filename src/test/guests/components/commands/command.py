import os
import sys

from componentize_py_types import Err, Ok
from wit_world import exports
from wit_world.imports import environment
from wit_world.imports import exit as wasi_exit


class Run(exports.Run):
    def run(self) -> None:
        _, command, *args = environment.get_arguments()
        if command == "hello":
            print("hello from Python")
            print("Python complains", file=sys.stderr)
        elif command == "args":
            for arg in args:
                print(f"[{arg}]")
        elif command == "env":
            print(f"{os.environ['GREETING']}, {os.environ.get('ABSENT', 'absent')}")
        elif command == "file":
            with open("/data/in.txt") as file:
                text = file.read()
            with open("/data/out.txt", "w") as file:
                file.write(f"Python read: {text}")
        elif command == "exit":
            sys.exit(int(args[0]))
        elif command == "exit-ok":
            wasi_exit.exit(Ok(None))
        elif command == "exit-with-code":
            wasi_exit.exit_with_code(int(args[0]))
        elif command == "raise":
            raise RuntimeError("Python crashes")
        elif command != "return":
            raise Err(None)
