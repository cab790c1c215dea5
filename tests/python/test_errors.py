"""Exceptions: each is a `NrdError` and the built-in one that fits."""

import pickle

import pytest

import nrd
from nrd._core import call, ffi

PAIRS = [
    (nrd.NrdValueError, ValueError),
    (nrd.NrdTypeError, TypeError),
    (nrd.NrdKeyError, KeyError),
    (nrd.NrdMemoryError, MemoryError),
    (nrd.NrdFileError, OSError),
]


@pytest.mark.parametrize(("error", "fits"), PAIRS)
def test_each_is_also_a_built_in_exception(error, fits):
    assert issubclass(error, nrd.NrdError)
    assert issubclass(error, fits)


@pytest.mark.parametrize("error", [pair[0] for pair in PAIRS])
def test_the_message_is_the_text(error):
    raised = error("row 3: found 'a \"b\"'", status="NRD_E_PARSE", row=3)
    assert str(raised) == "row 3: found 'a \"b\"'"
    assert (raised.status, raised.row) == ("NRD_E_PARSE", 3)
    assert (error("x").status, error("x").row) == (None, None)


@pytest.mark.parametrize("error", [pair[0] for pair in PAIRS])
def test_an_exception_comes_back_from_another_process(error):
    raised = pickle.loads(pickle.dumps(error("text", status="NRD_E_SIZE", row=2)))
    assert (type(raised), str(raised)) == (error, "text")
    assert (raised.status, raised.row) == ("NRD_E_SIZE", 2)


def test_a_status_of_the_library_becomes_an_exception():
    out = ffi.new("double *")
    with pytest.raises(nrd.NrdValueError, match=r"^ratio: ") as caught:
        call("nrd_decimal_ratio", "ratio", (1, 0), (0, 0), 1, out)
    assert (caught.value.status, caught.value.row) == ("NRD_E_DOMAIN", None)


def test_a_row_of_the_library_gets_its_name():
    texts = [ffi.new("char[]", b"1"), ffi.new("char[]", b"x")]
    arguments = (ffi.new("char *[]", texts), 2, b".", b"\0", ffi.new("nrd_decimal[2]"))
    with pytest.raises(nrd.NrdValueError, match=r"^line 3: ") as caught:
        call("nrd_decimal_parse", lambda row: f"line {row + 2}", *arguments)
    assert (caught.value.status, caught.value.row) == ("NRD_E_PARSE", 1)
    with pytest.raises(nrd.NrdValueError, match=r"^amount, row 1: "):
        call("nrd_decimal_parse", "amount", *arguments)


def test_no_memory_is_a_memory_error():
    out = ffi.new("nrd_attainment **")
    with pytest.raises(MemoryError) as caught:
        call("nrd_attainment_new", "attainment", 2**62, 2**62, out)
    assert isinstance(caught.value, nrd.NrdMemoryError)
    assert out[0] == ffi.NULL
