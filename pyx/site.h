// The place in a Python program that runs now.
#pragma once

#include <Python.h>
#include <cstring>
#include <frameobject.h>

#if PY_VERSION_HEX >= 0x030B0000 && PY_VERSION_HEX < 0x030E0000 && !defined(Py_GIL_DISABLED)
#define Py_BUILD_CORE 1
#include <internal/pycore_frame.h>
#undef Py_BUILD_CORE
#define AL_FRAMES_AS_THEY_RUN
#endif

namespace al {

// The running functions, from the innermost outwards, without those that are still being set up.
#ifdef AL_FRAMES_AS_THEY_RUN
// The interpreter's own frames, which are there anyhow: a frame object must be made for each function that is called,
// and costs more than everything else here.
class Frames {
  public:
#if PY_VERSION_HEX < 0x030D0000
    Frames() : frame(complete(PyThreadState_GET()->cframe->current_frame)) {}
    PyObject* code() const { return reinterpret_cast<PyObject*>(frame->f_code); }
#else
    Frames() : frame(complete(PyThreadState_GET()->current_frame)) {}
    PyObject* code() const { return reinterpret_cast<PyObject*>(_PyFrame_GetCode(frame)); }
#endif
    bool at_end() const { return frame == nullptr; }
    int instruction() const { return _PyInterpreterFrame_LASTI(frame) * int(sizeof(_Py_CODEUNIT)); }
    void back() { frame = complete(frame->previous); }

  private:
    static _PyInterpreterFrame* complete(_PyInterpreterFrame* f) {
        while (f && _PyFrame_IsIncomplete(f)) f = f->previous;
        return f;
    }

    _PyInterpreterFrame* frame;
};
#else
// By the stable interface.
class Frames {
  public:
    Frames() : frame(PyEval_GetFrame()) {
        Py_XINCREF(frame);
        look();
    }
    Frames(const Frames&) = delete;
    ~Frames() {
        Py_XDECREF(frame);
        Py_XDECREF(its_code);
    }
    PyObject* code() const { return its_code; }
    bool at_end() const { return frame == nullptr; }
#if PY_VERSION_HEX < 0x030B0000
    int instruction() const { return frame->f_lasti < 0 ? -1 : frame->f_lasti * 2; }
#else
    int instruction() const { return PyFrame_GetLasti(frame); }
#endif
    void back() {
        PyFrameObject* last = frame;
        frame = PyFrame_GetBack(last);
        Py_DECREF(last);
        look();
    }

  private:
    void look() {
        Py_XDECREF(its_code);
        its_code = frame ? reinterpret_cast<PyObject*>(PyFrame_GetCode(frame)) : nullptr;
    }

    PyFrameObject* frame;
    PyObject* its_code = nullptr;
};
#endif

// All are NULL where no Python code runs.
struct Site {
    PyObject* code = nullptr;
    PyObject* through = nullptr;  // the code of the library's function that was called there; NULL: the core itself
    int instruction = -1;         // a byte offset in the code
};

inline bool lies_under(PyObject* code, const char* folder, Py_ssize_t length) {
    Py_ssize_t n = 0;
    const char* file = PyUnicode_AsUTF8AndSize(reinterpret_cast<PyCodeObject*>(code)->co_filename, &n);
    if (!file) PyErr_Clear();
    return file && n > length && !std::memcmp(file, folder, length);
}

// The innermost code that is not the library's own, which lies under folder. The references are those of the frames,
// which last as long as the code runs.
inline Site peek_site(const char* folder, Py_ssize_t length) {
    Site site;
    Frames frames;
    if (frames.at_end()) return site;
    site.code = frames.code();
    site.instruction = frames.instruction();
    while (!frames.at_end() && lies_under(frames.code(), folder, length)) frames.back();
    if (!frames.at_end() && frames.code() != site.code) {  // else the library all the way, or none of it
        site.through = site.code;
        site.code = frames.code();
        site.instruction = frames.instruction();
    }
    return site;
}

inline void keep_site(const Site& site) {
    Py_XINCREF(site.code);
    Py_XINCREF(site.through);
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
