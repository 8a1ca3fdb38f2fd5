"""The command line: serve, kiosk, doctor, check, preview, coverage, slides, build, schemas and the three checkers."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from coptip.content import ContentError, Library, check, nearest

if TYPE_CHECKING:
    from coptip.serve.settings import ServeOptions


def main(argv: list[str] | None = None) -> int:
    """Run a command; the exit status is 0 where all is well, 1 where something is to be mended."""
    args = _parser().parse_args(argv)
    run: Callable[[argparse.Namespace], int] = args.run
    try:
        return run(args)
    except ContentError as error:
        print(error, file=sys.stderr)
        return 1
    except (LookupError, FileNotFoundError) as error:
        print(error.args[0] if error.args else error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="coptip", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], help: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help, description=help)
        sub.set_defaults(run=run)
        return sub

    serve = command("serve", _serve, "Serve the collection, or one module as an app of its own.")
    serve.add_argument("module", nargs="?", help="a module's id, such as 1a; without it the whole collection")
    _server_options(serve)
    serve.add_argument("--instructor", action="store_true", help="show notes, timer, reveal and steps")
    serve.add_argument("--password", help="needed for --instructor on any other address than this machine's")
    _limits(serve)
    kiosk = command("kiosk", _kiosk, "Serve for strangers, one after another: nothing of a person outlives the visit.")
    kiosk.add_argument("module", nargs="?", help="a module's id, such as 1a; without it the whole collection")
    _server_options(kiosk)
    _limits(kiosk)
    doctor = command("doctor", _doctor, "Is this machine fit to serve? Exit 1 where something must be mended.")
    doctor.add_argument("--port", type=int, default=8866)
    doctor.add_argument("--ip", default="127.0.0.1")
    command("check", _check, "Check every file of the content; print all faults; exit 1 where there are any.")
    preview = command("preview", _preview, "Open one exercise in the browser.")
    preview.add_argument("id", help="the exercise's id")
    _server_options(preview)
    preview.add_argument("--instructor", action="store_true", help="show notes, timer, reveal and steps")
    preview.add_argument("--password", help="needed for --instructor on any other address than this machine's")
    coverage = command("coverage", _coverage, "What each module carries of the guide, and what is open.")
    coverage.add_argument("modules", nargs="*", type=str.lower)
    coverage.add_argument("--show", action="store_true", help="print each id beside the text that carries it")
    slides = command("slides", _slides, "Make slides of a module: one HTML file that needs nothing else.")
    slides.add_argument("module", type=str.lower)
    slides.add_argument("--out", type=Path, help="the file to write (slides-<module>.html)")
    build = command("build", _build, "Run the notebooks and rewrite their stored outputs.")
    build.add_argument("modules", nargs="*", type=str.lower)
    schemas = command("schemas", _schemas, "Write JSON Schemas of the data files, for editors.")
    schemas.add_argument("--out", type=Path, help="the folder (data/schemas)")
    assess = command("assess", _assess, "Facts in, findings out: one JSON object a line.")
    assess.add_argument("--jsonl", action="store_true", required=True)
    question = command("check-question", _check_question, "Utterances in, form and technique out: one JSON a line.")
    question.add_argument("--jsonl", action="store_true", required=True)
    definition = command(
        "check-definition", _check_definition, "Definitions in, elements and misconceptions out: one JSON a line."
    )
    definition.add_argument("--jsonl", action="store_true", required=True)
    return parser


def _server_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8866)
    parser.add_argument("--ip", default="127.0.0.1", help="the address to listen on (this machine only)")
    parser.add_argument("--base-url", default="/", help="the path it stands under, behind a proxy")
    parser.add_argument("--open", action="store_true", help="open it in a browser")


def _limits(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--allow-host", action="append", default=[], metavar="NAME",
                        help="a name under which it may be reached, beside this machine's own; may be repeated")
    parser.add_argument("--behind-proxy", action="store_true",
                        help="a proxy on this machine is in front: believe its X-Forwarded headers")
    parser.add_argument("--public-url", default="", metavar="URL", help="the address shown on the start page")
    parser.add_argument("--most", type=int, default=200, help="how many pages may be worked on at once (200)")
    parser.add_argument("--rate", type=float, default=120, help="pages a minute for one address; 0: any number (120)")
    parser.add_argument("--memory", type=int, default=256, metavar="MB", help="memory that one page may take (256)")
    parser.add_argument("--waits", default="", metavar="NAME=SECONDS,...", help="idle, grace and other waits")


def _kiosk(args: argparse.Namespace) -> int:
    return _serve(args, kiosk=True)


def _serve(args: argparse.Namespace, kiosk: bool = False) -> int:
    from coptip.serve.app import serve
    from coptip.serve.settings import KIOSK_WAITS, Waits

    library = Library.load()
    module = args.module.lower() if args.module else None
    if module is not None and module not in library.modules:
        raise LookupError(f"No module called '{args.module}'.{nearest(args.module, library.modules)}")
    try:
        waits = Waits.of(args.waits, **(KIOSK_WAITS if kiosk else {}))
    except ValueError as error:
        raise LookupError(str(error)) from None
    options = replace(
        _options(args, library, module),
        kiosk=kiosk,
        waits=waits,
        allowed=tuple(args.allow_host),
        proxied=args.behind_proxy,
        public=args.public_url,
        most=args.most,
        rate=args.rate,
        megabytes=args.memory,
    )
    return serve(options)


def _options(args: argparse.Namespace, library: Library, module: str | None = None) -> ServeOptions:
    from coptip.serve.settings import ServeOptions

    return ServeOptions(
        notebooks=library.root / "notebooks",
        module=module,
        port=args.port,
        ip=args.ip,
        base_url=args.base_url,
        instructor=getattr(args, "instructor", False),
        password=getattr(args, "password", None),
        open_browser=args.open,
    )


def _doctor(args: argparse.Namespace) -> int:
    from coptip.serve.doctor import doctor

    words = {"good": "  good  ", "look": "  LOOK  ", "bad": "  BAD   "}
    bad = 0
    for found in doctor(args.port, args.ip, lambda: len(check(Library.load()))):
        bad += found.state == "bad"
        print(words[found.state] + found.text, flush=True)
    return 1 if bad else 0


def _check(_args: argparse.Namespace) -> int:
    library = Library.load()
    faults = check(library)
    for fault in faults:
        print(fault)
    if faults:
        print(f"{len(faults)} fault{'' if len(faults) == 1 else 's'}.", file=sys.stderr)
        return 1
    counts = {n: len(getattr(library, n)) for n in ("exercises", "cases", "concepts", "modules")}
    print(f"{', '.join(f'{count} {name}' for name, count in counts.items())}: no faults.")
    return 0


def _preview(args: argparse.Namespace) -> int:
    from coptip.preview import preview

    library = Library.load()
    library.exercises[args.id]
    return preview(args.id, replace(_options(args, library), open_browser=True))


def _coverage(args: argparse.Namespace) -> int:
    from coptip.coverage import report

    library = Library.load()
    left = 0
    for module in args.modules or list(library.coverage):
        if module not in library.coverage:
            raise LookupError(f"No module called '{module}'.{nearest(module, library.coverage)}")
        told = report(library, module)
        left += len(told.open)
        print(f"{module}: {told.must - len(told.open)} of {told.must} carried, {len(told.open)} open")
        for id in told.open:
            print(f"  open: {id}")
        if args.show:
            for id, text, _, found in told.rows:
                print(f"\n{id}: {text}")
                for carrier in found:
                    print(f"    {carrier.place}\n      {shorten(carrier.text, 300, placeholder=' …')}")
    return 1 if left and args.modules else 0


def _slides(args: argparse.Namespace) -> int:
    from coptip.serve.slides import slides

    library = Library.load()
    out = args.out or Path(f"slides-{args.module}.html")
    print(slides(library.notebook(args.module), out, library.modules[args.module]))
    return 0


def _build(args: argparse.Namespace) -> int:
    from coptip.build import build

    library = Library.load()
    for module in args.modules or list(library.modules):
        print(build(library.notebook(module)))
    return 0


def _schemas(args: argparse.Namespace) -> int:
    from coptip.content.schemas import write

    for path in write(args.out or Library.load().data / "schemas"):
        print(path)
    return 0


def _assess(_args: argparse.Namespace) -> int:
    return _print(assess_lines(sys.stdin.buffer, Library.load()))


def _check_question(_args: argparse.Namespace) -> int:
    from coptip.check_question import lines

    return _print(lines(sys.stdin.buffer))


def _check_definition(_args: argparse.Namespace) -> int:
    from coptip.check_definition import lines

    return _print(lines(sys.stdin.buffer, Library.load()))


def _print(answers: Iterable[dict[str, Any]]) -> int:
    from coptip.jsonl import print_answers

    try:
        return print_answers(answers, sys.stdout.buffer)
    except BrokenPipeError:  # whoever reads has heard enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def assess_lines(lines: Iterable[bytes], library: Library) -> Iterator[dict[str, Any]]:
    """A report for each JSON line ``{"id", "facts"}``; a line that cannot be taken gives ``{"id", "error"}``."""
    from coptip import jsonl
    from coptip.law import Facts, report

    def answer(row: dict[str, Any]) -> dict[str, Any]:
        return report(library.offences, Facts.from_nested(row["facts"]))

    return jsonl.answers(lines, {"facts": dict}, '"id" and "facts"', answer)


if __name__ == "__main__":
    sys.exit(main())
