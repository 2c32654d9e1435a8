import os
import sys

command = sys.argv[1] if len(sys.argv) > 1 else ""
if command == "hello":
    print("hello from Python")
    print("Python complains", file=sys.stderr)
elif command == "args":
    for arg in sys.argv[2:]:
        print(f"[{arg}]")
elif command == "env":
    print(os.environ["GREETING"], os.environ.get("ABSENT", "absent"), sep=", ")
elif command == "file":
    with open("/data/in.txt") as file:
        text = file.read()
    with open("/data/out.txt", "w") as file:
        file.write("Python read: " + text)
elif command == "exit":
    sys.exit(int(sys.argv[2]))
elif command == "crash":
    raise RuntimeError("Python crashes")
elif command != "return":
    sys.exit(64)
