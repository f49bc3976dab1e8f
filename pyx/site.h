// The place in a Python program that runs now, by the stable frame API alone.
#pragma once

#include <Python.h>
#include <cstring>
#include <frameobject.h>

namespace al {

// Owns its references. All are NULL where no Python code runs.
struct Site {
    PyObject* code = nullptr;
    PyObject* through = nullptr;  // the code of the library's function that was called there; NULL: the core itself
    int instruction = -1;         // a byte offset in the code
};

inline int instruction_of(PyFrameObject* frame) {
#if PY_VERSION_HEX < 0x030B0000
    return frame->f_lasti < 0 ? -1 : frame->f_lasti * 2;
#else
    return PyFrame_GetLasti(frame);
#endif
}

inline PyObject* code_of(PyFrameObject* frame) {
    return reinterpret_cast<PyObject*>(PyFrame_GetCode(frame));
}

inline bool lies_under(PyObject* code, const char* folder, Py_ssize_t length) {
    Py_ssize_t n = 0;
    const char* file = PyUnicode_AsUTF8AndSize(reinterpret_cast<PyCodeObject*>(code)->co_filename, &n);
    if (!file) PyErr_Clear();
    return file && n > length && !std::memcmp(file, folder, length);
}

// The innermost code that is not the library's own, which lies under folder.
inline Site find_site(const char* folder, Py_ssize_t length) {
    Site site;
    PyFrameObject* frame = PyEval_GetFrame();
    if (!frame) return site;
    site.code = code_of(frame);
    if (!lies_under(site.code, folder, length)) {
        site.instruction = instruction_of(frame);
        return site;
    }
    Py_INCREF(frame);
    site.through = site.code;
    while (PyFrameObject* back = PyFrame_GetBack(frame)) {
        Py_DECREF(frame);
        frame = back;
        site.code = code_of(frame);
        if (!lies_under(site.code, folder, length)) break;
        Py_DECREF(site.code);
        site.code = nullptr;
    }
    if (site.code && site.code != site.through) {
        site.instruction = instruction_of(frame);
    } else {  // the library all the way
        site.code = site.through;
        site.through = nullptr;
        site.instruction = instruction_of(PyEval_GetFrame());
    }
    Py_DECREF(frame);
    return site;
}

inline void drop_site(Site& site) {
    Py_CLEAR(site.code);
    Py_CLEAR(site.through);
}

inline bool same_site(const Site& a, const Site& b) {
    return a.code == b.code && a.instruction == b.instruction && a.through == b.through;
}

inline int line_of(const Site& site) {
    return site.code ? PyCode_Addr2Line(reinterpret_cast<PyCodeObject*>(site.code), site.instruction) : 0;
}

}  // namespace al
